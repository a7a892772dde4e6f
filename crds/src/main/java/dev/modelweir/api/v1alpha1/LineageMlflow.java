package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The version of a registered model in MLflow that a version was made from. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("The version of a registered model in MLflow that a version was made from.")
public record LineageMlflow(
    @Required @Size(min = 1, max = 250) @JsonPropertyDescription("Name of the registered model.")
        String registeredModel,
    @Required @Size(min = 1, max = 18) @JsonPropertyDescription("Number of its version.")
        String version) {}
