package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who decides when a training may start. */
public enum SchedulingBackend {
  /** Kueue when {@code queue} is set and the cluster has it, else the operator. */
  @JsonProperty("Auto")
  AUTO,
  /** The operator's own queue: all workers at once, by priority, then by age. */
  @JsonProperty("Builtin")
  BUILTIN,
  /** Kueue, which must be installed. */
  @JsonProperty("Kueue")
  KUEUE
}
