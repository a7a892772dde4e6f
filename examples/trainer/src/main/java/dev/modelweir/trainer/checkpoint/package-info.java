/** Saves the state of a training so that nothing but a whole one is ever taken up again. */
@NullMarked
package dev.modelweir.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
