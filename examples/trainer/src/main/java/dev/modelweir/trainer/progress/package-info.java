/** Tells the operator how far the training is. */
@NullMarked
package dev.modelweir.trainer.progress;

import org.jspecify.annotations.NullMarked;
