/** What the operator measures about itself: few meters, no label per object. */
@NullMarked
package dev.modelweir.operator.metrics;

import org.jspecify.annotations.NullMarked;
