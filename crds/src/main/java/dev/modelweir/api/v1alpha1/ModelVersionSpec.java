package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a version is and how it was made. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the version is and how it was made.")
@ValidationRule(
    value =
        "self.storageUri.matches(r'^("
            + "oci://[^/\\s@]+/\\S+"
            + "|pvc://[a-z0-9][-a-z0-9.]*(/\\S*)?"
            + "|https://[^/\\s@]+/\\S+"
            + "|s3://[^/\\s@]+/\\S+)$') && !self.storageUri.matches('^pvc://.*/[.][.](/|$)')",
    fieldPath = ".storageUri",
    reason = "FieldValueInvalid",
    messageExpression =
        "'`storageUri` of a version must be `oci://HOST/NAME:TAG`, `pvc://CLAIM/PATH`,"
            + " `https://HOST/PATH` or `s3://BUCKET/KEY` without user, password or `..`, but is"
            + " `%s`: correct the address'.format([self.storageUri])")
@ValidationRule(
    value =
        "!has(self.credentialsSecretRef) || self.storageUri.startsWith('https://') ||"
            + " self.storageUri.startsWith('s3://')",
    fieldPath = ".credentialsSecretRef",
    reason = "FieldValueForbidden",
    message =
        "`credentialsSecretRef` of a version may be set only with an `https://` or `s3://`"
            + " `storageUri`: remove it")
public record ModelVersionSpec(
    @Required
        @SelectableField
        @Size(min = 1, max = 52)
        @Pattern(Limits.SIMPLE_NAME)
        @JsonPropertyDescription("Name of the Model that this is a version of. Example: `iris`.")
        String model,
    @Required
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
            "Where the model is, in the schemes of `model.storageUri` of an InferenceService."
                + " Example: `pvc://models/iris/sha256-6f1c…/model.onnx`.")
        String storageUri,
    @Required
        @Size(max = 71)
        @Pattern("^sha256:[0-9a-f]{64}$")
        @JsonPropertyDescription(
            "Digest of the bytes, `sha256:` and 64 hexadecimal digits: of the image manifest for"
                + " `oci://`, else of the model file; with weights in files beside it, of the list"
                + " that `sha256sum` prints of all these, sorted by name. A pod whose model differs does not start.")
        String digest,
    @Required
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "Format of the model: `ONNX` is served by the bundled runtime, `Custom` by a container"
                + " of the InferenceService.")
        ModelFormat format,
    @JsonPropertyDescription(
            "Secret in the same namespace with the credentials of an `https://` or `s3://`"
                + " address.")
        @Nullable LocalReference credentialsSecretRef,
    @Min(0)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription("Size of the model in bytes, with weights in files of their own.")
        @Nullable Long sizeBytes,
    @JsonPropertyDescription("The tensors that the model takes and gives.")
        @Nullable ModelSignature signature,
    @Size(max = 16) @JsonPropertyDescription("How good the model is, as its training measured.")
        @Nullable List<Metric> metrics,
    @JsonPropertyDescription("How the version was made.") @Nullable Lineage lineage,
    @JsonPropertyDescription("Which alias the version was made for, and whether it may have it.")
        @Nullable Promotion promotion) {}
