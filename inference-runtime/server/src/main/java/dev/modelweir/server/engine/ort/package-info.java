/**
 * The few functions of ONNX Runtime's C API that an inference needs, called by {@link
 * java.lang.foreign}. Sessions are made by the Java API, which knows how to find the native library
 * and its providers; the calls per request are not, because they cost more there, cannot carry
 * unsigned integers and pass strings in another encoding.
 */
@NullMarked
package dev.modelweir.server.engine.ort;

import org.jspecify.annotations.NullMarked;
