/** What the plans of all kinds share: what should change, what cannot, and who owns what. */
@NullMarked
package dev.modelweir.operator.plan;

import org.jspecify.annotations.NullMarked;
