/** How the workers of one training add up what each has computed. */
@NullMarked
package dev.modelweir.trainer.group;

import org.jspecify.annotations.NullMarked;
