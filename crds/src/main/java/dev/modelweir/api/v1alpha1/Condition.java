package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One statement about an object, in the shape of {@code metav1.Condition}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("One statement about the object, in the shape of a Kubernetes condition.")
public record Condition(
    @Required
        @Size(min = 1, max = 316)
        @JsonPropertyDescription("What the statement is about. Example: `Ready`.")
        String type,
    @Required
        @Pattern("^(True|False|Unknown)$")
        @JsonPropertyDescription("`True`, `False` or `Unknown`.")
        String status,
    @Min(0)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription("Generation of the spec that the statement is about.")
        @Nullable Long observedGeneration,
    @Size(max = 64) @JsonPropertyDescription("When `status` last changed, RFC 3339.")
        @Nullable String lastTransitionTime,
    @Required
        @Size(min = 1, max = 128)
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @JsonPropertyDescription(
            "Cause in one CamelCase word, from the documented list of reasons.")
        String reason,
    @Size(max = 2048)
        @JsonPropertyDescription(
            "Cause for people: the object, what happened, and what to do next.")
        @Nullable String message) {}
