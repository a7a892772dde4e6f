package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.GpuSeconds;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.progress.report.AcceleratorCost;
import dev.modelweir.operator.report.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the status of a job remembers from one look to the next. An attempt is settled in one write
 * of the status, which says how it ended and counts the restart; the time that it cost is counted
 * in the write that says when it ended, the same or, where workers are asked to save and end, a
 * later one. Only then does the next one begin. So each attempt counts once, whenever the operator
 * dies.
 *
 * @param attempt the latest attempt
 * @param restarts ended attempts, by who ended them
 * @param runningSeconds time that settled attempts ran
 * @param gpuSeconds what settled attempts cost
 * @param startedAt when workers first ran
 * @param finishedAt when the job succeeded or was given up
 * @param modelVersion name of the version that was registered
 */
public record Ledger(
    @Nullable TrainingAttempt attempt,
    RestartCounts restarts,
    long runningSeconds,
    GpuSeconds gpuSeconds,
    @Nullable String startedAt,
    @Nullable String finishedAt,
    @Nullable String modelVersion) {

  private static final RestartCounts NO_RESTARTS = new RestartCounts(0, 0, 0);
  private static final GpuSeconds NO_COST = new GpuSeconds(0L, 0L);

  static Ledger of(@Nullable TrainingJobStatus status) {
    return status == null
        ? new Ledger(null, NO_RESTARTS, 0, NO_COST, null, null, null)
        : new Ledger(
            status.attempt(),
            status.restarts() == null ? NO_RESTARTS : status.restarts(),
            status.runningSeconds() == null ? 0 : status.runningSeconds(),
            status.gpuSeconds() == null ? NO_COST : status.gpuSeconds(),
            status.startedAt(),
            status.finishedAt(),
            status.modelVersion());
  }

  /** Number of the latest attempt, -1 before the first. */
  public int number() {
    return attempt == null || attempt.number() == null ? -1 : attempt.number();
  }

  @Nullable AttemptOutcome outcome() {
    return attempt == null ? null : attempt.outcome();
  }

  /** How the latest attempt ended, for people; "" before that. */
  String message() {
    return attempt == null ? "" : Objects.toString(attempt.message(), "");
  }

  /** The worker of the latest attempt that was being ended from outside, in words. */
  Optional<String> disruption() {
    return Optional.ofNullable(attempt).map(TrainingAttempt::disruption);
  }

  /** Whether this attempt is the latest and has not been settled. */
  boolean isOpen(int attemptNumber) {
    return attemptNumber >= 0 && attemptNumber == number() && outcome() == null;
  }

  /** Whether the latest attempt was settled and when it ended is not known yet. */
  boolean isEnding() {
    return attempt != null && attempt.outcome() != null && attempt.finishedAt() == null;
  }

  boolean isFinished() {
    return finishedAt != null;
  }

  /** Whether all workers of the latest attempt have run together. */
  boolean hasBegun() {
    return attempt != null && attempt.startedAt() != null;
  }

  /** When all workers of the latest attempt ran. */
  Optional<Instant> begunAt() {
    return Optional.ofNullable(attempt).map(TrainingAttempt::startedAt).map(Instant::parse);
  }

  /** When the settled attempt ended. */
  Instant endedAt() {
    return attempt == null || attempt.finishedAt() == null
        ? Instant.EPOCH
        : Instant.parse(attempt.finishedAt());
  }

  int applicationFailures() {
    return count(restarts.application());
  }

  int gangTimeouts() {
    return count(restarts.gangTimeout());
  }

  /** Time that the job has run until now, the present attempt included. */
  long runningSeconds(Instant now) {
    return runningSeconds + secondsOfAttempt(now);
  }

  /** The same with this attempt as the latest, as it is now. */
  Ledger with(Attempt seen, Instant now) {
    TrainingAttempt known = seen.number() == number() ? attempt : null;
    String started =
        known != null && known.startedAt() != null
            ? known.startedAt()
            : seen.startedAt().map(Instant::toString).orElse(null);
    String admitted = admitted(known, seen, now);
    // Kueue may take it back, and let it start again hours later.
    boolean waitsAgain = started == null && seen.waits();
    String disruption =
        known != null && known.disruption() != null
            ? known.disruption()
            : seen.disruption().map(Message::bounded).orElse(null);
    return new Ledger(
        new TrainingAttempt(
            seen.number(), null, waitsAgain ? null : admitted, started, null, null, disruption),
        restarts,
        runningSeconds,
        gpuSeconds,
        startedAt != null ? startedAt : started,
        finishedAt,
        modelVersion);
  }

  /** The start time of the Job comes a moment later, and would cost a write of the status. */
  private static @Nullable String admitted(
      @Nullable TrainingAttempt known, Attempt seen, Instant now) {
    if (known != null && known.admittedAt() != null) {
      return known.admittedAt();
    }
    return seen.waits() ? null : seen.admittedAt().map(Instant::toString).orElse(seconds(now));
  }

  /** The same with how the latest attempt ended. */
  Ledger settle(Ending ending) {
    var latest = Objects.requireNonNull(attempt);
    return new Ledger(
        new TrainingAttempt(
            latest.number(),
            ending.outcome(),
            latest.admittedAt(),
            latest.startedAt(),
            null,
            Message.bounded(ending.message()),
            null),
        counted(ending.outcome()),
        runningSeconds,
        gpuSeconds,
        startedAt,
        finishedAt,
        modelVersion);
  }

  /**
   * The same with when the settled attempt ended, and what it cost.
   *
   * @param devices that it held; a share of one is a fraction
   * @param checkpoint the last one that was reported, if one was
   */
  Ledger end(Instant at, double devices, @Nullable CheckpointStatus checkpoint) {
    var latest = Objects.requireNonNull(attempt);
    var how = Objects.requireNonNull(latest.outcome());
    long seconds = secondsOfAttempt(at);
    String held = latest.admittedAt() != null ? latest.admittedAt() : latest.startedAt();
    Instant since = held == null ? null : Instant.parse(held);
    return new Ledger(
        new TrainingAttempt(
            latest.number(),
            how,
            latest.admittedAt(),
            latest.startedAt(),
            at.toString(),
            latest.message(),
            null),
        restarts,
        runningSeconds + seconds,
        AcceleratorCost.add(
            gpuSeconds, new AcceleratorCost.EndedAttempt(devices, since, at, how, checkpoint)),
        startedAt,
        finishedAt,
        modelVersion);
  }

  Ledger finish(Instant at) {
    return new Ledger(
        attempt, restarts, runningSeconds, gpuSeconds, startedAt, seconds(at), modelVersion);
  }

  Ledger register(String version) {
    return new Ledger(
        attempt, restarts, runningSeconds, gpuSeconds, startedAt, finishedAt, version);
  }

  private long secondsOfAttempt(Instant until) {
    return attempt == null || attempt.startedAt() == null || attempt.finishedAt() != null
        ? 0
        : Math.max(0, Duration.between(Instant.parse(attempt.startedAt()), until).toSeconds());
  }

  private RestartCounts counted(AttemptOutcome outcome) {
    return new RestartCounts(
        applicationFailures() + (outcome == AttemptOutcome.FAILED ? 1 : 0),
        count(restarts.disruption()) + (outcome == AttemptOutcome.DISRUPTED ? 1 : 0),
        gangTimeouts() + (outcome == AttemptOutcome.GANG_TIMEOUT ? 1 : 0));
  }

  private static int count(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
