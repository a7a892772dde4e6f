package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How the model is served. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("How the model is served.")
public record RuntimeSpec(
    @JsonPropertyDescription(
            "The container that serves the model over HTTP. Only with `model.format: Custom`.")
        @Nullable CustomContainer container,
    @JsonPropertyDescription(
            "Compute resources of the serving container. Default: requests of 100m CPU and 256Mi"
                + " memory and a memory limit of 1Gi for the bundled runtime, none for Custom.")
        @Nullable ResourceQuantities resources,
    @JsonPropertyDescription("Accelerator that each pod needs. Default: none.")
        @Nullable Accelerator accelerator,
    @JsonPropertyDescription(
            "How requests wait, and which are computed together. Not with `model.format: Custom`."
                + " Default: as each field says.")
        @Nullable Batching batching,
    @JsonPropertyDescription("Settings of the pods: labels, scheduling, secrets, volumes.")
        @Nullable PodTemplate podTemplate) {}
