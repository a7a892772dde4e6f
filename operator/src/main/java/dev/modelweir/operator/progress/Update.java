package dev.modelweir.operator.progress;

import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.ReportedMetric;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.trainingjob.plan.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
                report.metrics().stream()
                    .map(metric -> new ReportedMetric(metric.name(), metric.value()))
                    .toList(),
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
        later.progress == null ? progress : merged(progress, later.progress),
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
    TrainingProgress whole = merged(isOfThisAttempt(oldProgress, attempt) ? oldProgress : null);
    TrainingProgress newProgress = isNews(oldProgress, whole) ? whole : oldProgress;
    CheckpointStatus newCheckpoint = isNews(oldCheckpoint) ? located(live) : oldCheckpoint;
    if (Objects.equals(newProgress, oldProgress) && Objects.equals(newCheckpoint, oldCheckpoint)) {
      return new Decision.Nothing();
    }
    Duration rest = rest(oldProgress, oldCheckpoint, now);
    Decision.Write write = new Decision.Write(newProgress, newCheckpoint);
    return rest.isPositive() ? new Decision.Later(rest, write) : write;
  }

  /** Whether it says something else, and later. The time alone is no news. */
  private static boolean isNews(@Nullable TrainingProgress old, @Nullable TrainingProgress whole) {
    return whole != null
        && (old == null
            || (!isLater(old.reportedAt(), whole.reportedAt())
                && !timeless(whole).equals(timeless(old))));
  }

  /** What an earlier attempt said last may have been undone by going back to a checkpoint. */
  private boolean isOfThisAttempt(
      @Nullable TrainingProgress old, @Nullable TrainingAttempt attempt) {
    if (old == null || work.attempt() == 0) {
      return old != null;
    }
    return attempt != null
        && attempt.startedAt() != null
        && old.reportedAt() != null
        && !Instant.parse(old.reportedAt()).isBefore(Instant.parse(attempt.startedAt()));
  }

  private @Nullable TrainingProgress merged(@Nullable TrainingProgress old) {
    return progress == null ? null : merged(old, progress);
  }

  /** A report that leaves something out does not take back what was said of it before. */
  private static TrainingProgress merged(@Nullable TrainingProgress old, TrainingProgress fresh) {
    return old == null
        ? fresh
        : new TrainingProgress(
            fresh.percent() == null ? old.percent() : fresh.percent(),
            fresh.epoch() == null ? old.epoch() : fresh.epoch(),
            fresh.step() == null ? old.step() : fresh.step(),
            fresh.etaSeconds() == null ? old.etaSeconds() : fresh.etaSeconds(),
            merged(dated(old), fresh.metrics()),
            fresh.reportedAt());
  }

  /** By name, in the order of the first report; where there are too many, the old ones give way. */
  private static @Nullable List<ReportedMetric> merged(
      @Nullable List<ReportedMetric> old, @Nullable List<ReportedMetric> fresh) {
    if (old == null || fresh == null) {
      return old == null ? fresh : old;
    }
    Map<String, ReportedMetric> byName = new LinkedHashMap<>();
    old.forEach(metric -> byName.put(metric.name(), metric));
    fresh.forEach(metric -> byName.put(metric.name(), metric));
    Set<String> said = fresh.stream().map(ReportedMetric::name).collect(Collectors.toSet());
    List<String> dispensable = byName.keySet().stream().filter(n -> !said.contains(n)).toList();
    dispensable.stream().limit(Math.max(0, byName.size() - Metrics.MAX)).forEach(byName::remove);
    return List.copyOf(byName.values());
  }

  /** Its metrics, each with the step and the time at which it was reported. */
  private static @Nullable List<ReportedMetric> dated(TrainingProgress progress) {
    return progress.metrics() == null
        ? null
        : progress.metrics().stream()
            .map(metric ->
                metric.reportedAt() != null
                    ? metric
                    : new ReportedMetric(
                        metric.name(), metric.value(), progress.step(), progress.reportedAt()))
            .toList();
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

  /** What it says, whenever it was said. */
  private static TrainingProgress timeless(TrainingProgress progress) {
    return new TrainingProgress(
        progress.percent(),
        progress.epoch(),
        progress.step(),
        progress.etaSeconds(),
        progress.metrics() == null
            ? null
            : progress.metrics().stream()
                .map(metric -> new ReportedMetric(metric.name(), metric.value()))
                .toList(),
        null);
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
