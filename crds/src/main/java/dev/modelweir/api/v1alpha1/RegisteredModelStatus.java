package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions of a model, and what its aliases stand for now. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("The versions of the model, and what its aliases stand for now.")
public record RegisteredModelStatus(
    @Min(-1)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription(
            "Generation of the spec that this status describes; -1 until the operator has looked at"
                + " the object.")
        @Nullable Long observedGeneration,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Ready, Reconciling and Stalled, each with reason, message and the generation it speaks"
                + " of.")
        @Nullable List<Condition> conditions,
    @Size(max = 253) @JsonPropertyDescription("The newest ModelVersion.")
        @Nullable String latestVersion,
    @Min(0) @Max(1_000_000) @JsonPropertyDescription("Number of versions.")
        @Nullable Integer versions,
    @Size(max = 64)
        @JsonPropertyDescription("The aliases and the version that each stands for now.")
        @Nullable List<ModelAlias> aliases,
    @Size(max = 1024)
        @JsonPropertyDescription(
            "The aliases in one word, for people. Example: `champion=iris-6f1c2a9b04`.")
        @Nullable String aliasesSummary,
    @Size(max = 256) @JsonPropertyDescription("The services that serve a version of the model.")
        @Nullable List<ModelFollower> followers,
    @JsonPropertyDescription(
            "What MLflow answered last about the aliases of `spec.mlflow`; when it does not answer,"
                + " this stays as it is.")
        @Nullable MlflowState mlflow) {}
