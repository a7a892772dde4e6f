package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where the state of a training is kept, how often, and how it goes on after a restart. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "Where the state of the training is kept, how often, and how it goes on after a restart.")
@ValidationRule(
    value =
        "self.storage.matches(r'^pvc://[a-z0-9][-a-z0-9.]*(/\\S*)?$') &&"
            + " !self.storage.matches('/[.][.](/|$)')",
    fieldPath = ".storage",
    reason = "FieldValueInvalid",
    messageExpression =
        "'`storage` must be `pvc://CLAIM` or `pvc://CLAIM/PATH` without `..`, but is `%s`: name a"
            + " PersistentVolumeClaim of the namespace that all workers can mount'"
            + ".format([self.storage])")
public record CheckpointSpec(
    @Required
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
            "Where checkpoints are kept: `pvc://CLAIM` or `pvc://CLAIM/PATH`; each job has a folder"
                + " of its own below it. More than one node needs a claim that several nodes can"
                + " mount (`ReadWriteMany`). Example: `pvc://training/checkpoints`.")
        String storage,
    @Min(1)
        @Max(604800)
        @JsonPropertyDescription(
            "Seconds between checkpoints, told to the program in"
                + " `MODELWEIR_CHECKPOINT_INTERVAL_SECONDS`. Default: 300.")
        @Nullable Integer intervalSeconds,
    @Min(1)
        @Max(3600)
        @JsonPropertyDescription(
            "Seconds the program has after SIGTERM to save a checkpoint before it is killed."
                + " Default: 60.")
        @Nullable Integer gracePeriodSeconds,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "What the next attempt starts from: `Latest`, the last complete checkpoint, or `Never`,"
                + " from the beginning. Default: `Latest`.")
        @Nullable ResumePolicy resume) {}
