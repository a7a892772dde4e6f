package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the versions of a model are used for, and how many are kept. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the versions of the model are used for, and how many are kept.")
@ValidationRule(
    value =
        "!has(self.aliases) || self.aliases.all(name, name.size() <= 63 &&"
            + " name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'))",
    fieldPath = ".aliases",
    reason = "FieldValueInvalid",
    message =
        "each key of `aliases` must hold only lower-case letters, digits and `-`, at most 63: rename"
            + " the alias")
@ValidationRule(
    value =
        "!has(self.aliases) || !has(self.mlflow) || self.mlflow.aliases.all(name, !(name in"
            + " self.aliases))",
    fieldPath = ".mlflow.aliases",
    reason = "FieldValueForbidden",
    message =
        "`mlflow.aliases` may not name an alias of `aliases`, because only one can decide what it"
            + " stands for: remove it from one of them")
public record ModelSpec(
    @Size(max = 1024) @JsonPropertyDescription("What the model is for, for people.")
        @Nullable String description,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Aliases and the ModelVersion that each stands for; an entry here goes before the gate"
                + " of a TrainingJob. Example: `{champion: iris-6f1c2a9b04}`.")
        @Nullable Map<String, @Size(min = 1, max = 253) @Pattern(Limits.OBJECT_NAME) String>
            aliases,
    @JsonPropertyDescription("How many versions are kept. Default: all.")
        @Nullable ModelRetention retention,
    @JsonPropertyDescription(
            "Aliases that are decided in MLflow; such an alias goes before the gate of a"
                + " TrainingJob. The operator must be told of a server (`mlflow.url` of the chart)."
                + " Default: none.")
        @Nullable MlflowModel mlflow) {}
