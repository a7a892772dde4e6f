package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The last checkpoint that the training reported. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("The last checkpoint that the training reported.")
public record CheckpointStatus(
    @Min(0)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription("Step of the training at which it was saved.")
        @Nullable Long step,
    @Size(max = 64) @JsonPropertyDescription("When the report of it arrived, RFC 3339.")
        @Nullable String time,
    @Size(max = 1024)
        @JsonPropertyDescription(
            "Where it is. Example: `pvc://training/iris-1a2b3c4d/checkpoints`.")
        @Nullable String uri) {}
