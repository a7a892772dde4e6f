package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** Workers of the present attempt. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("Workers of the present attempt.")
public record WorkerCounts(
    @Min(0) @Max(Limits.PODS) @JsonPropertyDescription("Number of workers wanted.")
        @Nullable Integer desired,
    @Min(0)
        @Max(Limits.PODS)
        @JsonPropertyDescription("Number of workers whose pod exists and has not ended.")
        @Nullable Integer active,
    @Min(0) @Max(Limits.PODS) @JsonPropertyDescription("Number of workers that run.")
        @Nullable Integer ready,
    @Min(0) @Max(Limits.PODS) @JsonPropertyDescription("Number of workers that have ended well.")
        @Nullable Integer succeeded,
    @Min(0) @Max(Limits.PODS) @JsonPropertyDescription("Number of workers that have failed.")
        @Nullable Integer failed) {}
