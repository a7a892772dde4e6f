package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** An InferenceService that serves a version of a model. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("An InferenceService that serves a version of the model.")
public record ModelFollower(
    @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Name of the InferenceService.")
        String name,
    @Size(max = 63) @JsonPropertyDescription("Alias that it follows; absent for a fixed version.")
        @Nullable String alias,
    @Size(max = 253) @JsonPropertyDescription("ModelVersion that it uses now.")
        @Nullable String version) {}
