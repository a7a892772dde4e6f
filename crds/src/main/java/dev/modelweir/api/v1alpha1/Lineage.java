package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a version of a model was made. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("How the version was made: by which job, from which data, code and image.")
public record Lineage(
    @JsonPropertyDescription("The TrainingJob that made it, which may be gone.")
        @Nullable LineageJob trainingJob,
    @Size(max = 16) @JsonPropertyDescription("The data it was trained on.")
        @Nullable List<InputStatus> inputs,
    @Size(max = 256)
        @JsonPropertyDescription(
            "Revision of the source code. Example: `9fceb02d0ae598e95dc970b74767f19372d61af8`.")
        @Nullable String gitRevision,
    @Size(max = 512) @JsonPropertyDescription("Image that trained it, by digest when it is known.")
        @Nullable String image,
    @JsonPropertyDescription(
            "The version in MLflow that it was made from, when a Model follows it.")
        @Nullable LineageMlflow mlflow) {}
