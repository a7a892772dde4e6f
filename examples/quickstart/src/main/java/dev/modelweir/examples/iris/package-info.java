/** Trains a classifier of Iris flowers and exports it as ONNX. */
@NullMarked
package dev.modelweir.examples.iris;

import org.jspecify.annotations.NullMarked;
