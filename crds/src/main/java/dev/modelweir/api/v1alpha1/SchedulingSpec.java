package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** Who decides when a training may start, and how long its workers may take to do so. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "Who decides when the training may start, and how long its workers may take to do so.")
public record SchedulingSpec(
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "`Builtin`: the operator starts all workers at once when the nodes have room for them."
                + " `Kueue`: Kueue decides. `Auto`: Kueue when `queue` is set and the cluster has"
                + " it, else `Builtin`. Default: `Auto`.")
        @Nullable SchedulingBackend backend,
    @Min(10)
        @Max(86400)
        @JsonPropertyDescription(
            "Seconds within which all workers must have started; else all are taken back and the"
                + " job waits again, so that no half of it holds devices. Default: 300.")
        @Nullable Integer gangTimeoutSeconds) {}
