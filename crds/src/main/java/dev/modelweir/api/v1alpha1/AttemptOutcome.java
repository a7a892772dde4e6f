package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an attempt of a training ended. */
public enum AttemptOutcome {
  /** All workers ended well. */
  @JsonProperty("Succeeded")
  SUCCEEDED,
  /** The program of a worker failed. */
  @JsonProperty("Failed")
  FAILED,
  /** A worker was ended from outside: eviction, preemption, loss of its node. */
  @JsonProperty("Disrupted")
  DISRUPTED,
  /** {@code spec.suspend} ended it. */
  @JsonProperty("Suspended")
  SUSPENDED,
  /** Not all workers started in time. */
  @JsonProperty("GangTimeout")
  GANG_TIMEOUT,
  /** It ran longer than the job may. */
  @JsonProperty("DeadlineExceeded")
  DEADLINE_EXCEEDED
}
