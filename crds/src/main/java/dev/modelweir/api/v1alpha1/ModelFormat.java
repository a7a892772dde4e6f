package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a model is written, which decides what serves it. */
public enum ModelFormat {
  /** An ONNX file, served by the bundled runtime. */
  @JsonProperty("ONNX")
  ONNX,
  /** Anything else, served over HTTP by the container of {@code runtime.container}. */
  @JsonProperty("Custom")
  CUSTOM
}
