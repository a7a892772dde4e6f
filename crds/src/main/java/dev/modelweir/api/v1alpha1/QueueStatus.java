package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Where a job stands in the queue, while it waits. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("Where the job stands in the queue, while it waits.")
public record QueueStatus(
    @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Its place among the jobs that wait, from 1; with Kueue, for the same ClusterQueue.")
        @Nullable Integer position,
    @Size(max = 128)
        @JsonPropertyDescription(
            "Why it waits, in one CamelCase word; with Kueue, the reason that it gives.")
        @Nullable String reason,
    @Size(max = 1024) @JsonPropertyDescription("Why it waits, for people.")
        @Nullable String message) {}
