package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is true of a training now, as last seen by the operator. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What is true now, as last seen by the operator.")
public record TrainingJobStatus(
    @Min(-1)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription(
            "Generation of the spec that this status describes; -1 until the operator has looked at"
                + " the object.")
        @Nullable Long observedGeneration,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Succeeded, Running, Accepted, QuotaReserved, ProgressStalled, Reconciling and Stalled,"
                + " each with reason, message and the generation it speaks of.")
        @Nullable List<Condition> conditions,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription("Where the job is, for people; scripts read the conditions.")
        @Nullable TrainingPhase phase,
    @JsonPropertyDescription("How far the training has come, as it reports itself.")
        @Nullable TrainingProgress progress,
    @Size(max = 32)
        @JsonPropertyDescription("The progress in one word, for people. Example: `42%`.")
        @Nullable String progressSummary,
    @JsonPropertyDescription("Workers of the present attempt.") @Nullable WorkerCounts workers,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Workers that run or have ended well, and wanted workers, for people. Example: `3/3`.")
        @Nullable String workersSummary,
    @Min(0)
        @Max(64_000)
        @JsonPropertyDescription(
            "Number of accelerators that all workers ask for together; a MIG slice, a share and a"
                + " resource claim count as one each.")
        @Nullable Integer accelerators,
    @JsonPropertyDescription("How often the training had to start again.")
        @Nullable RestartCounts restarts,
    @Min(0) @Max(2_000_000) @JsonPropertyDescription("All restarts together, for people.")
        @Nullable Integer restartsTotal,
    @JsonPropertyDescription("The latest attempt.") @Nullable TrainingAttempt attempt,
    @Min(0)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription(
            "Seconds that the attempts which have ended ran, which `activeDeadlineSeconds` bounds"
                + " together with the present one.")
        @Nullable Long runningSeconds,
    @JsonPropertyDescription("The last checkpoint that was reported.")
        @Nullable CheckpointStatus checkpoint,
    @JsonPropertyDescription("What the job has cost in accelerators, ended attempts only.")
        @Nullable GpuSeconds gpuSeconds,
    @JsonPropertyDescription("Where the job stands in the queue, while it waits.")
        @Nullable QueueStatus queue,
    @Size(max = 16) @JsonPropertyDescription("The inputs as the workers see them.")
        @Nullable List<InputStatus> inputs,
    @Size(max = 253) @JsonPropertyDescription("The ModelVersion that the job has made.")
        @Nullable String modelVersion,
    @Size(max = 64) @JsonPropertyDescription("When workers first ran, RFC 3339.")
        @Nullable String startedAt,
    @Size(max = 64) @JsonPropertyDescription("When the job succeeded or failed, RFC 3339.")
        @Nullable String finishedAt,
    @Size(max = 512)
        @JsonPropertyDescription(
            "The image of `template.image` by the digest that the kubelets of one whole attempt"
                + " told; all later attempts run this one, whatever the tag has come to stand for."
                + " Absent until then, and where they tell none, as of an image that was loaded"
                + " onto the node by hand.")
        @Nullable String image) {}
