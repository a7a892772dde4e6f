package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One failure in one pod. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("One failure in one pod.")
public record ModelFailure(
    @Size(max = 128)
        @JsonPropertyDescription(
            "Cause in one CamelCase word, from the documented list of reasons.")
        @Nullable String reason,
    @Size(max = 2048) @JsonPropertyDescription("Cause for people.") @Nullable String message,
    @Size(max = 253) @JsonPropertyDescription("Pod in which it happened.") @Nullable String pod,
    @Size(max = 253) @JsonPropertyDescription("Node of that pod.") @Nullable String node,
    @Size(max = 253) @JsonPropertyDescription("Container of that pod.") @Nullable String container,
    @Min(Integer.MIN_VALUE)
        @Max(Integer.MAX_VALUE)
        @JsonPropertyDescription("Exit code of the container, when it ended.")
        @Nullable Integer exitCode,
    @Size(max = 64) @JsonPropertyDescription("When the container ended, RFC 3339, when it did.")
        @Nullable String time) {}
