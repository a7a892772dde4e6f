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

/** Whether a version can be used and who uses it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("Whether the version can be used and who uses it.")
public record ModelVersionStatus(
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
    @Size(max = 256)
        @JsonPropertyDescription(
            "Who uses the version, so that it is kept: aliases as `alias/NAME` and services as"
                + " `inferenceservice/NAME`.")
        @Nullable List<@Size(max = 320) String> usedBy,
    @Size(max = 1024)
        @JsonPropertyDescription("The users in one word, for people. Example: `champion,iris`.")
        @Nullable String usedBySummary) {}
