package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a training is, for people. */
public enum TrainingPhase {
  /** Its objects are being made. */
  @JsonProperty("Pending")
  PENDING,
  /** It waits for its turn, for room or for quota. */
  @JsonProperty("Queued")
  QUEUED,
  /** Its workers are being scheduled and started. */
  @JsonProperty("Starting")
  STARTING,
  /** All workers have run together, and the attempt has not ended. */
  @JsonProperty("Running")
  RUNNING,
  /** Its workers were asked to end and save a checkpoint. */
  @JsonProperty("Checkpointing")
  CHECKPOINTING,
  /** An attempt has ended unfinished and the next one follows. */
  @JsonProperty("Restarting")
  RESTARTING,
  /** {@code spec.suspend} holds it. */
  @JsonProperty("Suspended")
  SUSPENDED,
  /** The model is being validated and stored. */
  @JsonProperty("Publishing")
  PUBLISHING,
  /** It has finished. */
  @JsonProperty("Succeeded")
  SUCCEEDED,
  /** It was given up. */
  @JsonProperty("Failed")
  FAILED
}
