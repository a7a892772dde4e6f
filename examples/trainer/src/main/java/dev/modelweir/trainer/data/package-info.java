/** Rows to learn from and rows held out. */
@NullMarked
package dev.modelweir.trainer.data;

import org.jspecify.annotations.NullMarked;
