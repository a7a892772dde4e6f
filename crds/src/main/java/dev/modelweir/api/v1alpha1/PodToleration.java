package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A node taint that the pods tolerate, with the meaning of a Kubernetes toleration. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("A node taint that the pods tolerate.")
public record PodToleration(
    @Size(max = 317)
        @JsonPropertyDescription(
            "Key of the taint; absent with operator `Exists` matches all taints.")
        @Nullable String key,
    @Pattern("^(Equal|Exists)$")
        @JsonPropertyDescription(
            "`Equal` compares `value`, `Exists` only the key. Default: `Equal`.")
        @Nullable String operator,
    @Size(max = 63) @JsonPropertyDescription("Value of the taint.") @Nullable String value,
    @Pattern("^(NoSchedule|PreferNoSchedule|NoExecute)$")
        @JsonPropertyDescription(
            "`NoSchedule`, `PreferNoSchedule` or `NoExecute`; absent matches every effect.")
        @Nullable String effect,
    @Min(0)
        @Max(31536000)
        @JsonPropertyDescription(
            "Seconds a pod stays after a `NoExecute` taint appears. Default: for ever.")
        @Nullable Long tolerationSeconds) {}
