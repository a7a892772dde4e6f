package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Another object of the same namespace, by name. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("Another object of the same namespace, by name.")
public record LocalReference(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(Limits.OBJECT_NAME)
        @JsonPropertyDescription("Name of the object. Example: `s3-credentials`.")
        String name) {}
