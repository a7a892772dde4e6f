package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How many versions of a model are kept. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("How many versions of the model are kept.")
public record ModelRetention(
    @Min(1)
        @Max(1000)
        @JsonPropertyDescription(
            "Number of versions that are kept: the newest, and besides them every one that an alias"
                + " or an InferenceService uses. Default: all are kept. Example: 10.")
        @Nullable Integer keepLast) {}
