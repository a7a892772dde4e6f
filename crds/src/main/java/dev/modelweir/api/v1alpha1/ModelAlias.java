package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What an alias of a model stands for now. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What an alias of the model stands for now.")
public record ModelAlias(
    @Required @Size(min = 1, max = 63) @JsonPropertyDescription("Name of the alias.") String name,
    @Size(max = 253)
        @JsonPropertyDescription(
            "ModelVersion that the alias stands for; absent while there is none.")
        @Nullable String version,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "Who decided: `Spec`, an entry of `spec.aliases`; `MLflow`, the registered model of"
                + " `spec.mlflow`; or `Gate`, a version that passed the gate of its TrainingJob.")
        @Nullable AliasSource source,
    @Size(max = 1024)
        @JsonPropertyDescription("Why the alias stands for this version, or for none.")
        @Nullable String message) {}
