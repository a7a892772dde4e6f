package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far the model of a revision has come. */
public enum ModelState {
  /** No pod runs yet. */
  @JsonProperty("Pending")
  PENDING,
  /** Pods bring or load the model. */
  @JsonProperty("Loading")
  LOADING,
  /** At least one pod has loaded the model and answered an inference. */
  @JsonProperty("Loaded")
  LOADED,
  /** The pods cannot load the model. */
  @JsonProperty("Failed")
  FAILED,
  /** There are no pods because none are wanted. */
  @JsonProperty("Standby")
  STANDBY
}
