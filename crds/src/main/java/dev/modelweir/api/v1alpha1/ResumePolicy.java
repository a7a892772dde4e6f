package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the next attempt of a training starts from. */
public enum ResumePolicy {
  /** The last complete checkpoint. */
  @JsonProperty("Latest")
  LATEST,
  /** The beginning. */
  @JsonProperty("Never")
  NEVER
}
