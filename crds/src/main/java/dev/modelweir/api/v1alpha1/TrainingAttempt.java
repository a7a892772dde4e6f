package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The latest attempt of a training, which is one Job. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "The latest attempt, which is one Job; a training that restarts makes another.")
public record TrainingAttempt(
    @Min(0)
        @Max(1_000_000)
        @JsonPropertyDescription("Number of the attempt, from 0; its Job is `NAME-NUMBER`.")
        @Nullable Integer number,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription(
            "How it ended: `Succeeded`, `Failed` (the program), `Disrupted` (from outside),"
                + " `Suspended`, `GangTimeout` (not all workers started in time, or could at all),"
                + " `DeadlineExceeded`. Absent while it goes on.")
        @Nullable AttemptOutcome outcome,
    @Size(max = 64)
        @JsonPropertyDescription(
            "When the queue let it start, RFC 3339; from then on it holds its devices.")
        @Nullable String admittedAt,
    @Size(max = 64) @JsonPropertyDescription("When all of its workers ran, RFC 3339.")
        @Nullable String startedAt,
    @Size(max = 64)
        @JsonPropertyDescription(
            "When its last worker ended, RFC 3339; after the outcome where workers save and end.")
        @Nullable String finishedAt,
    @Size(max = 1024) @JsonPropertyDescription("How it ended, for people.")
        @Nullable String message,
    @Size(max = 1024)
        @JsonPropertyDescription(
            "The worker that was seen being ended from outside while the attempt went on; that the"
                + " others fail for want of it is no fault of theirs. For people.")
        @Nullable String disruption) {}
