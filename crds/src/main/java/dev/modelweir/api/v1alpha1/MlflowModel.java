package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A registered model of the MLflow server, some of whose aliases decide here. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "A registered model of the MLflow server of the installation, some of whose aliases this Model"
        + " follows.")
public record MlflowModel(
    @Required
        @Size(min = 1, max = 250)
        @Pattern("^[A-Za-z0-9]([-A-Za-z0-9_. ]*[A-Za-z0-9])?$")
        @JsonPropertyDescription("Name of the registered model. Example: `iris`.")
        String registeredModel,
    @Required
        @Size(min = 1, max = 16)
        @JsonPropertyDescription(
            "Aliases that stand here for what they stand for there, asked for every half minute. A"
                + " version there must have the tag `digest` and an address that pods can fetch from"
                + " as its source; it becomes a ModelVersion unless it came from one. Example:"
                + " `[champion]`.")
        List<@Size(min = 1, max = 63) @Pattern(Limits.SIMPLE_NAME) String> aliases,
    @JsonPropertyDescription(
            "Secret in the same namespace with the credentials of `https://` and `s3://` sources,"
                + " for the ModelVersions that are made. Default: none.")
        @Nullable LocalReference credentialsSecretRef) {}
