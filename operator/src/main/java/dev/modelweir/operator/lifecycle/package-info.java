/** The life of the operator's process: leadership, start, health and stop. */
@NullMarked
package dev.modelweir.operator.lifecycle;

import org.jspecify.annotations.NullMarked;
