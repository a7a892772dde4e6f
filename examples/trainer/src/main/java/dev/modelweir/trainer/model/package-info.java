/** A feed-forward network, its gradients and its optimizer; the same bits on every machine. */
@NullMarked
package dev.modelweir.trainer.model;

import org.jspecify.annotations.NullMarked;
