/** What is logged, and of which requests: Triton's log and trace settings, W3C trace context. */
@NullMarked
package dev.modelweir.server.trace;

import org.jspecify.annotations.NullMarked;
