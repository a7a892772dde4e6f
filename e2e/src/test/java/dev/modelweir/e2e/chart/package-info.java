/** The Helm chart of the checkout: what it renders, and which rights that gives the operator. */
@NullMarked
package dev.modelweir.e2e.chart;

import org.jspecify.annotations.NullMarked;
