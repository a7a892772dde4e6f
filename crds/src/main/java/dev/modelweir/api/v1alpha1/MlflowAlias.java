package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What an alias of a registered model stands for in MLflow. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What an alias of the registered model stands for in MLflow.")
public record MlflowAlias(
    @Required @Size(min = 1, max = 63) @JsonPropertyDescription("Name of the alias.") String name,
    @Size(max = 18)
        @JsonPropertyDescription(
            "Number of the version that it stands for; absent when there is no such alias.")
        @Nullable String version,
    @Size(max = 1024)
        @JsonPropertyDescription("Source of that version, when pods can fetch from it.")
        @Nullable String storageUri,
    @Size(max = 71) @JsonPropertyDescription("Its digest, by its tag `digest`.")
        @Nullable String digest,
    @Size(max = 253)
        @JsonPropertyDescription("ModelVersion that it came from, by its tag, when it did.")
        @Nullable String modelVersion,
    @Size(max = 1024) @JsonPropertyDescription("Why it can become no ModelVersion, when it cannot.")
        @Nullable String message) {}
