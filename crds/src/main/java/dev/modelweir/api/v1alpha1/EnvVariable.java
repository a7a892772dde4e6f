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

/** One environment variable: a value, or a key of a Secret or ConfigMap. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("One environment variable: a value, or a key of a Secret or ConfigMap.")
@ValidationRule(
    value =
        "(has(self.value) ? 1 : 0) + (has(self.secretKeyRef) ? 1 : 0) + (has(self.configMapKeyRef)"
            + " ? 1 : 0) == 1",
    reason = "FieldValueInvalid",
    message =
        "exactly one of `value`, `secretKeyRef` and `configMapKeyRef` must be set: keep the one"
            + " that holds the value")
public record EnvVariable(
    @Required
        @Size(min = 1, max = 256)
        @Pattern("^[A-Za-z_][A-Za-z0-9_.-]*$")
        @JsonPropertyDescription("Name of the variable. Example: `LOG_LEVEL`.")
        String name,
    @Size(min = 1, max = 32768) @JsonPropertyDescription("The value itself; not for secrets.")
        @Nullable String value,
    @JsonPropertyDescription("A key of a Secret of the same namespace that holds the value.")
        @Nullable KeyReference secretKeyRef,
    @JsonPropertyDescription("A key of a ConfigMap of the same namespace that holds the value.")
        @Nullable KeyReference configMapKeyRef) {}
