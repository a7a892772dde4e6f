/** Writes ONNX files. */
@NullMarked
package dev.modelweir.trainer.onnx;

import org.jspecify.annotations.NullMarked;
