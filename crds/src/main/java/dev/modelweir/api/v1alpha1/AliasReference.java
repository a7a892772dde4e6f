package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The version that an alias of a Model stands for. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "The version that an alias of a Model of the same namespace stands for; when the alias moves,"
        + " the service rolls out the other version.")
public record AliasReference(
    @Required
        @Size(min = 1, max = 52)
        @Pattern(Limits.SIMPLE_NAME)
        @JsonPropertyDescription("Name of the Model. Example: `iris`.")
        String model,
    @Required
        @Size(min = 1, max = 63)
        @Pattern(Limits.SIMPLE_NAME)
        @JsonPropertyDescription("Name of the alias. Example: `champion`.")
        String alias) {}
