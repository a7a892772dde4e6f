package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Which alias a version was made for, and whether it may have it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("Which alias the version was made for, and whether it may have it.")
public record Promotion(
    @Required
        @Size(min = 1, max = 63)
        @Pattern(Limits.SIMPLE_NAME)
        @JsonPropertyDescription("The alias. Example: `champion`.")
        String alias,
    @Required @JsonPropertyDescription("Whether every bound of the gate was kept.") Boolean passed,
    @Size(max = 1024)
        @JsonPropertyDescription(
            "How the gate was judged. Example: `accuracy is 0.93, must be at least 0.95`.")
        @Nullable String message) {}
