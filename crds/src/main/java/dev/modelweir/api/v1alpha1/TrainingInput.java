package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Data or a model that the workers read. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("Data or a model that the workers read.")
@ValidationRule(
    value =
        "self.uri.matches(r'^("
            + "oci://[^/\\s@]+/\\S+"
            + "|pvc://[a-z0-9][-a-z0-9.]*(/\\S*)?"
            + "|https://[^/\\s@]+/\\S+"
            + "|s3://[^/\\s@]+/\\S+)$') && !self.uri.matches('^pvc://.*/[.][.](/|$)')",
    fieldPath = ".uri",
    reason = "FieldValueInvalid",
    messageExpression =
        "'`uri` must be `oci://HOST/NAME:TAG`, `pvc://CLAIM/PATH`, `https://HOST/PATH` or"
            + " `s3://BUCKET/KEY` without user, password or `..`, but is `%s`: correct the address'"
            + ".format([self.uri])")
@ValidationRule(
    value =
        "!has(self.credentialsSecretRef) || self.uri.startsWith('https://') ||"
            + " self.uri.startsWith('s3://')",
    fieldPath = ".credentialsSecretRef",
    reason = "FieldValueForbidden",
    message =
        "`credentialsSecretRef` of an input may be set only with an `https://` or `s3://` `uri`:"
            + " for `oci://` use `podTemplate.imagePullSecrets`, for `pvc://` remove it")
@ValidationRule(
    value =
        "!has(self.mountPath) ||"
            + " !self.mountPath.matches('^/(tmp|dev|proc|sys|mnt/modelweir/(checkpoints|output))(/|$)')",
    fieldPath = ".mountPath",
    reason = "FieldValueForbidden",
    message =
        "`mountPath` of an input may not lie below `/tmp`, `/dev`, `/proc`, `/sys` or the folders of"
            + " checkpoints and output: choose another folder")
public record TrainingInput(
    @Required
        @Size(min = 1, max = 40)
        @Pattern(Limits.SIMPLE_NAME)
        @JsonPropertyDescription(
            "Name of the input, unique in the list. The program finds the folder in"
                + " `MODELWEIR_INPUT_NAME`, in upper case with `_` for `-`. Example: `train`.")
        String name,
    @Required
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
            "Where the data is: `oci://HOST/NAME:TAG` and `pvc://CLAIM/PATH` are mounted read-only,"
                + " `https://HOST/PATH` and `s3://BUCKET/KEY` are downloaded by each worker before"
                + " it starts. Example: `s3://data/iris/2026-11/`.")
        String uri,
    @Size(min = 1, max = 256)
        @JsonPropertyDescription(
            "Version of the data, such as a snapshot or commit of the lake. It is recorded in the"
                + " lineage and does not change the address.")
        @Nullable String version,
    @Size(max = 71)
        @Pattern("^sha256:[0-9a-f]{64}$")
        @JsonPropertyDescription(
            "Pin of the bytes, `sha256:` and 64 hexadecimal digits: of the image's manifest, of the"
                + " file, or of the list that `sha256sum` prints of all files, sorted by path. With"
                + " a `pvc://` each worker reads everything for it before it starts. A worker whose"
                + " data differs does not start (reason `DigestMismatch`). Default: what the first"
                + " attempt has read, for which a mounted image is read whole; of a `pvc://`"
                + " nothing.")
        @Nullable String digest,
    @Size(min = 1, max = 1024)
        @Pattern("^/[^:]*$")
        @JsonPropertyDescription(
            "Absolute path in the container. Default: `/mnt/modelweir/inputs/NAME`.")
        @Nullable String mountPath,
    @JsonPropertyDescription(
            "Secret in the same namespace with the credentials of an `https://` or `s3://` address,"
                + " with the keys of `model.credentialsSecretRef` of an InferenceService.")
        @Nullable LocalReference credentialsSecretRef) {}
