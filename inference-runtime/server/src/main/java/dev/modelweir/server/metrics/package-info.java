/** What is counted and timed, for Prometheus and for the protocol's statistics. */
@NullMarked
package dev.modelweir.server.metrics;

import org.jspecify.annotations.NullMarked;
