/** How a process of this image tells Kubernetes why it ended. */
@NullMarked
package dev.modelweir.server.exit;

import org.jspecify.annotations.NullMarked;
