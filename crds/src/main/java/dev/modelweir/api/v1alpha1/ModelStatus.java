package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The model of the current revision and how far it has come. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("The model of the current revision and how far it has come.")
public record ModelStatus(
    @Size(max = 253)
        @JsonPropertyDescription(
            "The model for people: its ModelVersion, or what follows the last `/` of `uri`. Example:"
                + " `iris:v1`.")
        @Nullable String name,
    @Size(max = 253)
        @JsonPropertyDescription(
            "ModelVersion that `versionRef` or `aliasRef` stands for now; absent with `storageUri`.")
        @Nullable String version,
    @Size(max = 1024)
        @JsonPropertyDescription("Where the model comes from; the image of a Custom container.")
        @Nullable String uri,
    @Size(max = 128) @JsonPropertyDescription("Pinned digest of the model, when there is one.")
        @Nullable String digest,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "`Pending` (no pod yet), `Loading`, `Loaded` (answered an inference), `Failed`,"
                + " `Standby` (at zero replicas).")
        @Nullable ModelState state,
    @JsonPropertyDescription("What went wrong in a pod, while it has not recovered.")
        @Nullable ModelFailure lastFailure) {}
