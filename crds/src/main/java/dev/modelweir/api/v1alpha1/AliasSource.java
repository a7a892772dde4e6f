package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who decided what an alias stands for. */
public enum AliasSource {
  /** An entry of {@code spec.aliases}. */
  @JsonProperty("Spec")
  SPEC,
  /** The newest version whose promotion named the alias and passed. */
  @JsonProperty("Gate")
  GATE,
  /** The same alias of the registered model in {@code spec.mlflow}. */
  @JsonProperty("MLflow")
  MLFLOW
}
