/** Requests without pause from inside the cluster, to see whether one fails. */
@NullMarked
package dev.modelweir.e2e.load;

import org.jspecify.annotations.NullMarked;
