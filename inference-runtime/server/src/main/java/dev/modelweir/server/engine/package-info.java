/**
 * ONNX Runtime behind the vocabulary of the protocol: finding, loading and running models. Nothing
 * outside this package sees an ONNX Runtime type.
 */
@NullMarked
package dev.modelweir.server.engine;

import org.jspecify.annotations.NullMarked;
