/** Trains a classifier, alone or as one of several workers, and exports it as ONNX. */
@NullMarked
package dev.modelweir.trainer;

import org.jspecify.annotations.NullMarked;
