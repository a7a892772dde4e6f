package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One measured number. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("One measured number.")
public record Metric(
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("What was measured. Example: `accuracy`.")
        String name,
    @Required
        @Size(min = 1, max = 32)
        @Pattern(Limits.DECIMAL)
        @JsonPropertyDescription("The number as text, in decimal. Example: `\"0.97\"`.")
        String value) {}
