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

/** What a training makes, where it is stored, and when it is promoted. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the training makes, where it is stored, and when it is promoted.")
@ValidationRule(
    value =
        "self.storageUri.matches(r'^(pvc://[a-z0-9][-a-z0-9.]*(/\\S*)?|s3://[^/\\s@]+(/\\S*)?)$') &&"
            + " !self.storageUri.matches('/[.][.](/|$)')",
    fieldPath = ".storageUri",
    reason = "FieldValueInvalid",
    messageExpression =
        "'`storageUri` of an output must be `pvc://CLAIM/PATH` or `s3://BUCKET/PREFIX` without"
            + " `..`, but is `%s`: correct the address'.format([self.storageUri])")
@ValidationRule(
    value = "!has(self.credentialsSecretRef) || self.storageUri.startsWith('s3://')",
    fieldPath = ".credentialsSecretRef",
    reason = "FieldValueForbidden",
    message =
        "`credentialsSecretRef` of an output may be set only with an `s3://` `storageUri`: remove"
            + " it")
@ValidationRule(
    value = "!has(self.metricsGate) || has(self.alias)",
    fieldPath = ".metricsGate",
    reason = "FieldValueForbidden",
    message =
        "`metricsGate` may not be set without `alias`, whose move it decides: set `alias` or remove"
            + " `metricsGate`")
public record ModelOutput(
    @Required
        @Size(min = 1, max = 52)
        @Pattern(Limits.SIMPLE_NAME)
        @JsonPropertyDescription(
            "Name of the Model that gets a new version; made when it does not exist. Example:"
                + " `iris`.")
        String model,
    @Required
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
            "Where versions are stored: `pvc://CLAIM/PATH` or `s3://BUCKET/PREFIX`; each lies below"
                + " it in `MODEL/sha256-HEX`. Example: `pvc://models`.")
        String storageUri,
    @JsonPropertyDescription(
            "Secret in the same namespace with the credentials of an `s3://` address, with the keys"
                + " of `model.credentialsSecretRef` of an InferenceService. Only the publish pod"
                + " reads it.")
        @Nullable LocalReference credentialsSecretRef,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Bounds that the metrics of the new version must keep before `alias` moves to it. A"
                + " version that does not pass is kept, and the Model says why it was not"
                + " promoted.")
        @Nullable List<MetricGate> metricsGate,
    @Size(min = 1, max = 63)
        @Pattern(Limits.SIMPLE_NAME)
        @JsonPropertyDescription(
            "Alias that moves to the new version when it passes `metricsGate`; `spec.aliases` of"
                + " the Model goes before it. Example: `champion`. Default: none moves.")
        @Nullable String alias,
    @JsonPropertyDescription(
            "Inputs and outputs that the model must have; one that differs is not registered"
                + " (reason `SignatureMismatch`). Default: not compared.")
        @Nullable ModelSignature signature) {}
