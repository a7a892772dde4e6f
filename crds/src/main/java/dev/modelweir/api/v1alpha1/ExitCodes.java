package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What exit codes of the program mean for another attempt. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("Exit codes that are judged otherwise than as an error to retry.")
@ValidationRule(
    value =
        "!has(self.fatal) || !has(self.disruption) || self.fatal.all(code, !(code in"
            + " self.disruption))",
    fieldPath = ".disruption",
    reason = "FieldValueForbidden",
    message =
        "`disruption` may not name a code of `fatal`, because a code cannot mean both: remove it"
            + " from one of them")
public record ExitCodes(
    @Size(max = 16)
        @JsonPropertyDescription(
            "After one of these the training is given up at once, because another attempt would end"
                + " the same way. Example: `[2]`, of a program that ends so for wrong arguments.")
        @Nullable List<@Min(1) @Max(255) Integer> fatal,
    @Size(max = 16)
        @JsonPropertyDescription(
            "These say that something outside of the program ended it: the next attempt follows and"
                + " takes none of `retries.application`, unless another worker failed before with"
                + " another code. Example: `[75]`, of a program that ends so when another worker is gone.")
        @Nullable List<@Min(1) @Max(255) Integer> disruption) {}
