package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who makes an accelerator, which decides the name of its resource and its node labels. */
public enum AcceleratorVendor {
  @JsonProperty("NVIDIA")
  NVIDIA,
  @JsonProperty("AMD")
  AMD,
  @JsonProperty("Intel")
  INTEL
}
