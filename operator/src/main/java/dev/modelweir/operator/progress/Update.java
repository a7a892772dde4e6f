package dev.modelweir.operator.progress;

import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.trainingjob.plan.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to the status of a job: the latest of its reports. Null is what none of
 * them said.
 *
 * @param work the attempt whose pods reported it
 */
record Update(
    Work work, @Nullable TrainingProgress progress, @Nullable CheckpointStatus checkpoint) {

  /** Least time between two writes to the status of one job. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** What to do about an update, in view of the job as it is stored. */
  sealed interface Decision {

    /** The status should read so. */
    record Write(@Nullable TrainingProgress progress, @Nullable CheckpointStatus checkpoint)
        implements Decision {}

    /** Nothing to write: it reads so already, or somebody has reported later. */
    record Nothing() implements Decision {}

    /** It comes from a former job or attempt. */
    record Obsolete() implements Decision {}

    /** To be decided again after a while, because another replica has just written. */
    record Later(Duration delay, Write otherwise) implements Decision {}
  }

  /**
   * Turns a report into words of the status.
   *
   * @param now when it arrived; clocks of pods are not trusted
   */
  static Update of(Work work, Report report, Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return new Update(
        work,
        report.saysProgress()
            ? new TrainingProgress(
                report.percent(),
                report.epoch(),
                report.step(),
                report.etaSeconds(),
                report.metrics(),
                time)
            : null,
        report.checkpointStep() == null
            ? null
            : new CheckpointStatus(report.checkpointStep(), time, null));
  }

  /** This update and a later one in one; a later attempt leaves nothing of an earlier one. */
  Update and(Update later) {
    if (later.work.attempt() != work.attempt()) {
      return later.work.attempt() > work.attempt() ? later : this;
    }
    return new Update(
        work,
        later.progress == null ? progress : later.progress,
        later.checkpoint == null ? checkpoint : later.checkpoint);
  }

  /** Decides what to write, if anything, to the job as it is stored now. */
  Decision against(TrainingJob live, Instant now) {
    TrainingJobStatus status = live.getStatus();
    TrainingAttempt attempt = status == null ? null : status.attempt();
    if (!live.getMetadata().getUid().equals(work.uid())
        || (attempt != null && attempt.number() != null && attempt.number() > work.attempt())) {
      return new Decision.Obsolete();
    }
    TrainingProgress oldProgress = status == null ? null : status.progress();
    CheckpointStatus oldCheckpoint = status == null ? null : status.checkpoint();
    TrainingProgress newProgress = isNews(oldProgress) ? progress : oldProgress;
    CheckpointStatus newCheckpoint = isNews(oldCheckpoint) ? located(live) : oldCheckpoint;
    if (Objects.equals(newProgress, oldProgress) && Objects.equals(newCheckpoint, oldCheckpoint)) {
      return new Decision.Nothing();
    }
    Duration rest = rest(oldProgress, oldCheckpoint, now);
    Decision.Write write = new Decision.Write(newProgress, newCheckpoint);
    return rest.isPositive() ? new Decision.Later(rest, write) : write;
  }

  /** Whether it says something else, and later. The time alone is no news. */
  private boolean isNews(@Nullable TrainingProgress old) {
    return progress != null
        && (old == null
            || (!isLater(old.reportedAt(), progress.reportedAt())
                && !withTime(progress, old.reportedAt()).equals(old)));
  }

  private boolean isNews(@Nullable CheckpointStatus old) {
    return checkpoint != null
        && (old == null
            || (!isLater(old.time(), checkpoint.time())
                && !Objects.equals(old.step(), checkpoint.step())));
  }

  /** The checkpoint with the folder that the workers of this job write to. */
  private @Nullable CheckpointStatus located(TrainingJob job) {
    return checkpoint == null
        ? null
        : new CheckpointStatus(
            checkpoint.step(),
            checkpoint.time(),
            Place.checkpoints(job).map(Place::uri).orElse(null));
  }

  private static boolean isLater(@Nullable String old, @Nullable String fresh) {
    return old != null && fresh != null && Instant.parse(old).isAfter(Instant.parse(fresh));
  }

  private static TrainingProgress withTime(TrainingProgress progress, @Nullable String time) {
    return new TrainingProgress(
        progress.percent(),
        progress.epoch(),
        progress.step(),
        progress.etaSeconds(),
        progress.metrics(),
        time);
  }

  /** How long to wait until the pause after the last write of any replica is over. */
  private static Duration rest(
      @Nullable TrainingProgress progress, @Nullable CheckpointStatus checkpoint, Instant now) {
    return Stream.of(
            Optional.ofNullable(progress).map(TrainingProgress::reportedAt),
            Optional.ofNullable(checkpoint).map(CheckpointStatus::time))
        .flatMap(Optional::stream)
        .map(Instant::parse)
        .filter(time -> !time.isAfter(now)) // another replica's clock is ahead: do not wait for it
        .map(time -> Duration.between(now, time.plus(PAUSE)))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
