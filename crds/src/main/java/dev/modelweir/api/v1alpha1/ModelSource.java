package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Which model, and where its bytes are. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("Which model, and where its bytes are.")
@ValidationRule(
    value =
        "!has(self.storageUri) || self.storageUri.matches(r'^("
            + "oci://[^/\\s]+/\\S+"
            + "|pvc://[a-z0-9][-a-z0-9.]*(/\\S*)?"
            + "|https://[^/\\s]+/\\S+"
            + "|s3://[^/\\s]+/\\S+)$')",
    fieldPath = ".storageUri",
    reason = "FieldValueInvalid",
    messageExpression =
        "'`storageUri` must be `oci://HOST/NAME:TAG`, `pvc://CLAIM/PATH`, `https://HOST/PATH` or"
            + " `s3://BUCKET/KEY`, but is `%s`: correct the address'"
            + ".format([self.storageUri])")
@ValidationRule(
    value = "!has(self.storageUri) || !self.storageUri.matches('^[a-z0-9]+://[^/]*@')",
    fieldPath = ".storageUri",
    reason = "FieldValueForbidden",
    message =
        "`storageUri` may not hold a user name or password, which everybody who reads the object"
            + " would see: move them to a Secret and name it in `credentialsSecretRef`")
@ValidationRule(
    value = "!has(self.storageUri) || !self.storageUri.matches('^pvc://.*/[.][.](/|$)')",
    fieldPath = ".storageUri",
    reason = "FieldValueInvalid",
    message =
        "`storageUri` may not hold `..` in the path of a `pvc://` address: give the path from the"
            + " root of the volume")
@ValidationRule(
    value =
        "[has(self.storageUri), has(self.versionRef), has(self.aliasRef)].filter(given,"
            + " given).size() == 1 || (self.format == 'Custom' && !has(self.storageUri) &&"
            + " !has(self.versionRef) && !has(self.aliasRef))",
    reason = "FieldValueInvalid",
    message =
        "exactly one of `storageUri`, `versionRef` and `aliasRef` must be set, or none with `format:"
            + " Custom`: keep the one that names the model, such as `oci://HOST/NAME:TAG`")
@ValidationRule(
    value = "!has(self.digest) || has(self.storageUri)",
    fieldPath = ".digest",
    reason = "FieldValueForbidden",
    message =
        "`digest` may not be set without `storageUri`, whose bytes it pins: set `storageUri` or"
            + " remove `digest`")
@ValidationRule(
    value =
        "!has(self.credentialsSecretRef) || (has(self.storageUri) &&"
            + " (self.storageUri.startsWith('https://') || self.storageUri.startsWith('s3://')))",
    fieldPath = ".credentialsSecretRef",
    reason = "FieldValueForbidden",
    message =
        "`credentialsSecretRef` may be set only with an `https://` or `s3://` `storageUri`: for"
            + " `oci://` use `runtime.podTemplate.imagePullSecrets`, for `pvc://` remove it")
public record ModelSource(
    @Required
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "Format of the model: `ONNX` is served by the bundled runtime, `Custom` by the"
                + " container in `runtime.container`.")
        ModelFormat format,
    @SelectableField
        @Size(max = 1024)
        @JsonPropertyDescription(
            "Where the model is: `oci://HOST/NAME:TAG` (an image mounted as a volume),"
                + " `pvc://CLAIM/PATH` (mounted read-only), `https://HOST/PATH` or"
                + " `s3://BUCKET/KEY` (downloaded before the pod starts; a KEY that ends in `/`"
                + " takes every object below it). Example: `s3://models/iris/model.onnx`.")
        @Nullable String storageUri,
    @JsonPropertyDescription(
            "A ModelVersion of the same namespace, which gives address, digest and credentials.")
        @Nullable LocalReference versionRef,
    @JsonPropertyDescription(
            "An alias of a Model of the same namespace; the service follows it from version to"
                + " version.")
        @Nullable AliasReference aliasRef,
    @Size(max = 71)
        @Pattern("^sha256:[0-9a-f]{64}$")
        @JsonPropertyDescription(
            "Pin of the bytes at `storageUri`, `sha256:` and 64 hexadecimal digits: of the image"
                + " manifest for `oci://`, else of the model file; with weights in files beside it,"
                + " of the list that `sha256sum` prints of all these, sorted by name. Of a folder in"
                + " `s3://` it may also be that of such a list of everything in it. A pod whose"
                + " model differs does not start (reason `DigestMismatch`). Default: not checked.")
        @Nullable String digest,
    @JsonPropertyDescription(
            "Secret in the same namespace with the credentials of an `https://` or `s3://` address."
                + " Keys: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,"
                + " `AWS_REGION`, `AWS_ENDPOINT_URL` (any S3-compatible server),"
                + " `HTTP_BEARER_TOKEN`, `HTTP_USERNAME`, `HTTP_PASSWORD`, `CA_CERT` (PEM). Only"
                + " the pod reads it, never the operator.")
        @Nullable LocalReference credentialsSecretRef) {}
