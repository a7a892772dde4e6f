package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The TrainingJob that made a version. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("The TrainingJob that made a version, which may be gone.")
public record LineageJob(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(Limits.OBJECT_NAME)
        @JsonPropertyDescription("Name of the TrainingJob.")
        String name,
    @Size(max = 64) @JsonPropertyDescription("Its UID, which tells it from a later namesake.")
        @Nullable String uid) {}
