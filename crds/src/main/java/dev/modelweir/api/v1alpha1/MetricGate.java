package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A bound that a metric must keep before an alias moves. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "A bound that a metric must keep before the alias moves. A metric that was not measured does"
        + " not pass.")
@ValidationRule(
    value = "has(self.atLeast) != has(self.atMost)",
    reason = "FieldValueInvalid",
    message =
        "exactly one of `atLeast` and `atMost` must be set: keep the bound that is meant, and add a"
            + " second entry for another")
public record MetricGate(
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Name of the metric in `metrics.json` of the output. Example: `accuracy`.")
        String metric,
    @Size(min = 1, max = 32)
        @Pattern(Limits.DECIMAL)
        @JsonPropertyDescription("Smallest value that passes, as text. Example: `\"0.95\"`.")
        @Nullable String atLeast,
    @Size(min = 1, max = 32)
        @Pattern(Limits.DECIMAL)
        @JsonPropertyDescription("Largest value that passes, as text. Example: `\"0.1\"`.")
        @Nullable String atMost) {}
