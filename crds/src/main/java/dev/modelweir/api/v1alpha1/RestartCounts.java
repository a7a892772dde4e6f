package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How often a training was started again, by who caused it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("How often the training had to start again, by who caused it.")
public record RestartCounts(
    @Min(0)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Attempts that ended by an error of the program; bounded by `retries.application`.")
        @Nullable Integer application,
    @Min(0)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Attempts that ended from outside: eviction, preemption, loss of a node. Never bounded.")
        @Nullable Integer disruption,
    @Min(0)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Attempts that were taken back because not all workers started in time, or because a"
                + " registry refused an image.")
        @Nullable Integer gangTimeout) {}
