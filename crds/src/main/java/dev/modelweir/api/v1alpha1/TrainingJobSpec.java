package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to train, on how many workers, from what, and what becomes of the result. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "What to train, on how many workers, from what, and what becomes of the result. Only `suspend`,"
        + " `priority`, `activeDeadlineSeconds`, `ttlSecondsAfterFinished` and"
        + " `progressDeadlineSeconds` may be changed later.")
@ValidationRule(
    value = "self.template == oldSelf.template",
    fieldPath = ".template",
    reason = "FieldValueForbidden",
    message =
        "`template` must stay as it was created, so that every attempt runs the same: keep it, or"
            + " give the change a TrainingJob of its own")
@ValidationRule(
    value =
        "has(self.workers) == has(oldSelf.workers) && (!has(self.workers) || self.workers =="
            + " oldSelf.workers)",
    fieldPath = ".workers",
    reason = "FieldValueForbidden",
    message =
        "`workers` must stay as it was created: keep it, or give the change a TrainingJob of its"
            + " own")
@ValidationRule(
    value =
        "has(self.inputs) == has(oldSelf.inputs) && (!has(self.inputs) || self.inputs =="
            + " oldSelf.inputs)",
    fieldPath = ".inputs",
    reason = "FieldValueForbidden",
    message =
        "`inputs` must stay as they were created, because the lineage of the model names them: keep"
            + " them, or give the change a TrainingJob of its own")
@ValidationRule(
    value =
        "has(self.output) == has(oldSelf.output) && (!has(self.output) || self.output =="
            + " oldSelf.output)",
    fieldPath = ".output",
    reason = "FieldValueForbidden",
    message =
        "`output` must stay as it was created: keep it, or give the change a TrainingJob of its"
            + " own")
@ValidationRule(
    value =
        "has(self.checkpoint) == has(oldSelf.checkpoint) && (!has(self.checkpoint) ||"
            + " self.checkpoint == oldSelf.checkpoint)",
    fieldPath = ".checkpoint",
    reason = "FieldValueForbidden",
    message =
        "`checkpoint` must stay as it was created, because later attempts resume from there: keep"
            + " it, or give the change a TrainingJob of its own")
@ValidationRule(
    value =
        "has(self.queue) == has(oldSelf.queue) && (!has(self.queue) || self.queue =="
            + " oldSelf.queue)",
    fieldPath = ".queue",
    reason = "FieldValueForbidden",
    message =
        "`queue` must stay as it was created: keep it, or give the change a TrainingJob of its own")
@ValidationRule(
    value =
        "has(self.scheduling) == has(oldSelf.scheduling) && (!has(self.scheduling) ||"
            + " self.scheduling == oldSelf.scheduling)",
    fieldPath = ".scheduling",
    reason = "FieldValueForbidden",
    message =
        "`scheduling` must stay as it was created: keep it, or give the change a TrainingJob of its"
            + " own")
@ValidationRule(
    value =
        "has(self.retries) == has(oldSelf.retries) && (!has(self.retries) || self.retries =="
            + " oldSelf.retries)",
    fieldPath = ".retries",
    reason = "FieldValueForbidden",
    message =
        "`retries` must stay as it was created: keep it, or give the change a TrainingJob of its"
            + " own")
@ValidationRule(
    value =
        "has(self.gitRevision) == has(oldSelf.gitRevision) && (!has(self.gitRevision) ||"
            + " self.gitRevision == oldSelf.gitRevision)",
    fieldPath = ".gitRevision",
    reason = "FieldValueForbidden",
    message =
        "`gitRevision` must stay as it was created, because the lineage of the model names it: keep"
            + " it, or give the change a TrainingJob of its own")
@ValidationRule(
    value =
        "!has(self.output) || self.output.storageUri.startsWith('pvc://') || has(self.checkpoint)",
    fieldPath = ".checkpoint",
    reason = "FieldValueRequired",
    message =
        "`checkpoint.storage` must be set when `output.storageUri` is `s3://`, because the model"
            + " waits there until it is stored: name a PersistentVolumeClaim in"
            + " `checkpoint.storage`, or use a `pvc://` output")
@ValidationRule(
    value =
        "!has(self.scheduling) || !has(self.scheduling.backend) || self.scheduling.backend !="
            + " 'Kueue' || has(self.queue)",
    fieldPath = ".queue",
    reason = "FieldValueRequired",
    message =
        "`queue` must be set when `scheduling.backend` is `Kueue`: give the name of a LocalQueue of"
            + " the namespace")
public record TrainingJobSpec(
    @Required @JsonPropertyDescription("The container that each worker runs.")
        TrainingTemplate template,
    @Min(1)
        @Max(1000)
        @JsonPropertyDescription(
            "Number of workers, the same for the life of the job. They start together, know their"
                + " rank, and are started anew together when one fails. Default: 1.")
        @Nullable Integer workers,
    @Size(max = 16) @JsonPropertyDescription("Data that the workers read.")
        @Nullable List<TrainingInput> inputs,
    @JsonPropertyDescription(
            "The model that the workers write to `MODELWEIR_MODEL_DIR`. Default: nothing is"
                + " registered.")
        @Nullable ModelOutput output,
    @JsonPropertyDescription(
            "Where checkpoints are kept. Default: none, and a new attempt starts from the"
                + " beginning.")
        @Nullable CheckpointSpec checkpoint,
    @JsonPropertyDescription(
            "Holds the job: its workers get SIGTERM and time to save a checkpoint; `false` goes on"
                + " from there. Default: `false`.")
        @Nullable Boolean suspend,
    @Min(-1_000_000)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Order in the built-in queue: higher first, then the older. Running jobs are not"
                + " stopped for it. Kueue goes by the label `kueue.x-k8s.io/priority-class` of the"
                + " TrainingJob instead. Default: 0.")
        @Nullable Integer priority,
    @Size(min = 1, max = 63)
        @Pattern(Limits.SIMPLE_NAME)
        @JsonPropertyDescription(
            "LocalQueue of Kueue in the same namespace. Default: the built-in queue.")
        @Nullable String queue,
    @JsonPropertyDescription("Who decides when the job may start.")
        @Nullable SchedulingSpec scheduling,
    @JsonPropertyDescription("How often the training may fail before it is given up.")
        @Nullable Retries retries,
    @Min(1)
        @Max(31536000)
        @JsonPropertyDescription(
            "Seconds the job may run in all; the time in the queue, suspended or between attempts"
                + " does not count. Default: no limit.")
        @Nullable Integer activeDeadlineSeconds,
    @Min(0)
        @Max(31536000)
        @JsonPropertyDescription(
            "Seconds after which a finished TrainingJob is deleted; its ModelVersion stays."
                + " Default: never.")
        @Nullable Integer ttlSecondsAfterFinished,
    @Min(10)
        @Max(604800)
        @JsonPropertyDescription(
            "Seconds without news of progress after which a running job is called stalled (condition"
                + " `ProgressStalled`); it goes on. A program that never reports is called stalled"
                + " only when this is set. Default: 600.")
        @Nullable Integer progressDeadlineSeconds,
    @Size(min = 1, max = 256)
        @JsonPropertyDescription(
            "Revision of the source code in the image, recorded in the lineage. Example:"
                + " `9fceb02d0ae598e95dc970b74767f19372d61af8`.")
        @Nullable String gitRevision) {}
