package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A registered model of the MLflow server, some of whose aliases decide here. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "A registered model of the MLflow server of the installation, some of whose aliases this Model"
        + " follows.")
@ValidationRule(
    value = "!has(self.credentialsSecretRef) || has(self.sourcePrefix)",
    fieldPath = ".credentialsSecretRef",
    reason = "FieldValueForbidden",
    message =
        "`credentialsSecretRef` may not be set without `sourcePrefix`, since whoever registers a"
            + " version there would choose the host that the Secret is sent to: set `sourcePrefix`")
@ValidationRule(
    value = "!has(self.sourcePrefix) || !self.sourcePrefix.matches('/[.][.]?/')",
    fieldPath = ".sourcePrefix",
    reason = "FieldValueInvalid",
    message = "`sourcePrefix` may not hold `/./` or `/../`: give the address without them")
public record MlflowModel(
    @Required
        @Size(min = 1, max = 250)
        @Pattern("^[A-Za-z0-9]([-A-Za-z0-9_. ]*[A-Za-z0-9])?$")
        @JsonPropertyDescription(
            "Name of the registered model: one that begins with the namespace and a dot, or that"
                + " `mlflow.allowedModels` of the chart gives to the namespace. Example:"
                + " `team-a.iris`.")
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
                + " for the ModelVersions that are made; needs `sourcePrefix`. Default: none.")
        @Nullable LocalReference credentialsSecretRef,
    @Size(max = 1024)
        @Pattern("^(oci|pvc|https|s3)://[^/\\s@?]+/([^\\s@?]+/)?$")
        @JsonPropertyDescription(
            "What the source of a version must begin with to become a ModelVersion, up to a `/`."
                + " Example: `s3://models/iris/`. Default: any source.")
        @Nullable String sourcePrefix) {}
