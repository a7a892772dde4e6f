package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** What a job has cost in accelerators. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the job has cost in accelerators: number of devices times seconds.")
public record GpuSeconds(
    @Min(0)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription(
            "Device-seconds from when the queue let an attempt start to its end, the time in which"
                + " its workers start included; a share of a device counts as such, a MIG slice and"
                + " a resource claim as one device.")
        @Nullable Long allocated,
    @Min(0)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription(
            "Device-seconds whose work was lost: from the last report of a checkpoint to the end of"
                + " an attempt that did not finish; the whole attempt with `checkpoint.resume:"
                + " Never`. That a checkpoint was found damaged later is not known here.")
        @Nullable Long lost) {}
