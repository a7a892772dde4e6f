/** Reading the cluster for all kinds: caches of what is ours, and what no cache holds. */
@NullMarked
package dev.modelweir.operator.observe;

import org.jspecify.annotations.NullMarked;
