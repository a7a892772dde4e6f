package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is true now, as last seen by the operator. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What is true now, as last seen by the operator.")
public record InferenceServiceStatus(
    @Min(-1)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription(
            "Generation of the spec that this status describes; -1 until the operator has looked at the"
                + " object.")
        @Nullable Long observedGeneration,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Ready, Reconciling, Stalled and ModelLoaded, each with reason, message and the"
                + " generation it speaks of.")
        @Nullable List<Condition> conditions,
    @Size(max = 1024)
        @JsonPropertyDescription(
            "Address of the service inside the cluster; Open Inference Protocol paths follow it."
                + " Example: `http://iris.default.svc`.")
        @Nullable String url,
    @StatusReplicas
        @Min(0)
        @Max(Limits.PODS)
        @JsonPropertyDescription("Number of pods of all revisions.")
        @Nullable Integer replicas,
    @Min(0)
        @Max(Limits.PODS)
        @JsonPropertyDescription("Number of pods of the current revision that are ready.")
        @Nullable Integer readyReplicas,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Ready and wanted pods of the current revision, for people. Example: `2/3`.")
        @Nullable String replicasSummary,
    @LabelSelector
        @Size(max = 1024)
        @JsonPropertyDescription("Selector of the pods, for the scale subresource.")
        @Nullable String selector,
    @JsonPropertyDescription("The model of the current revision and how far it has come.")
        @Nullable ModelStatus model,
    @Size(max = 16) @JsonPropertyDescription("Which revision answers requests, in percent.")
        @Nullable List<TrafficTarget> traffic,
    @Size(max = 1024)
        @JsonPropertyDescription(
            "The traffic list in one word, for people. Example: `iris-6f1c2a9b=100`.")
        @Nullable String trafficSummary) {}
