package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How often a training may fail before it is given up. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("How often the training may fail before it is given up.")
public record Retries(
    @Min(0)
        @Max(1000)
        @JsonPropertyDescription(
            "New attempts after an error of the program. Disruptions (eviction, preemption, loss of"
                + " a node) never count. Default: 3.")
        @Nullable Integer application,
    @JsonPropertyDescription("Exit codes that are judged otherwise than as an error to retry.")
        @Nullable ExitCodes exitCodes) {}
