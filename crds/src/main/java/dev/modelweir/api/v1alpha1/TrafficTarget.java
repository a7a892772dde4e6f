package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The share of requests that one revision answers. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("The share of requests that one revision answers.")
public record TrafficTarget(
    @Size(max = 253)
        @JsonPropertyDescription("Name of the revision, which is the name of its Deployment.")
        @Nullable String revision,
    @Min(0) @Max(100) @JsonPropertyDescription("Share of the requests, in percent.")
        @Nullable Integer weightPercent,
    @Size(max = 1024) @JsonPropertyDescription("Model of the revision.") @Nullable String model,
    @Size(max = 253)
        @JsonPropertyDescription("ModelVersion of the revision, when it was made from one.")
        @Nullable String version,
    @Min(0) @Max(Limits.PODS) @JsonPropertyDescription("Number of its pods that are ready.")
        @Nullable Integer readyReplicas) {}
