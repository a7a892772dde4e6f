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

/** A Secret, ConfigMap or claim mounted read-only into the main container. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("A Secret, ConfigMap or claim mounted read-only into the main container.")
@ValidationRule(
    value =
        "(has(self.secretName) ? 1 : 0) + (has(self.configMapName) ? 1 : 0) + (has(self.claimName)"
            + " ? 1 : 0) == 1",
    reason = "FieldValueInvalid",
    message =
        "exactly one of `secretName`, `configMapName` and `claimName` must be set: keep the one to"
            + " mount")
@ValidationRule(
    value = "!self.mountPath.matches('^/(mnt/models|tmp)(/|$)')",
    fieldPath = ".mountPath",
    reason = "FieldValueForbidden",
    message =
        "`mountPath` may not lie below `/mnt/models` (the model) or `/tmp` (scratch space): choose"
            + " another folder")
public record ExtraVolume(
    @Required
        @Size(min = 1, max = 50)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @JsonPropertyDescription("Name of the volume, unique in the list. Example: `labels`.")
        String name,
    @Required
        @Size(min = 1, max = 1024)
        @Pattern("^/[^:]*$")
        @JsonPropertyDescription(
            "Absolute path in the container; not below `/mnt/models` or `/tmp`. Example:"
                + " `/etc/labels`.")
        String mountPath,
    @Size(min = 1, max = 253)
        @Pattern(Limits.OBJECT_NAME)
        @JsonPropertyDescription("Secret to mount.")
        @Nullable String secretName,
    @Size(min = 1, max = 253)
        @Pattern(Limits.OBJECT_NAME)
        @JsonPropertyDescription("ConfigMap to mount.")
        @Nullable String configMapName,
    @Size(min = 1, max = 253)
        @Pattern(Limits.OBJECT_NAME)
        @JsonPropertyDescription("PersistentVolumeClaim to mount.")
        @Nullable String claimName) {}
