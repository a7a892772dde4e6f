package dev.modelweir.operator.trainingjob.report;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.api.v1alpha1.WorkerCounts;
import dev.modelweir.operator.progress.report.ProgressSummary;
import dev.modelweir.operator.trainingjob.plan.Lineages;
import dev.modelweir.operator.trainingjob.plan.WorkerImage;
import dev.modelweir.operator.trainingjob.state.Attempt;
import dev.modelweir.operator.trainingjob.state.Ledger;
import dev.modelweir.operator.trainingjob.state.Situation;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import dev.modelweir.operator.trainingjob.state.Wishes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a training as it should read. */
final class TrainingStatus {

  private TrainingStatus() {}

  static TrainingJobStatus of(
      TrainingJob job, TrainingObservation seen, Situation situation, List<Condition> conditions) {
    Ledger ledger = situation.ledger();
    Optional<Attempt> present =
        Attempt.in(seen).stream()
            .filter(attempt -> attempt.number() == ledger.number())
            .findFirst();
    return new TrainingJobStatus(
        job.getMetadata().getGeneration(),
        conditions,
        situation.phase(),
        null, // what workers report is written where they report it
        summary(job, situation),
        workers(job, present),
        present.map(attempt -> attempt.running() + attempt.succeeded()).orElse(0)
            + "/"
            + Wishes.workers(job),
        Wishes.accelerators(job),
        ledger.restarts(),
        restarts(ledger.restarts()),
        ledger.attempt(),
        ledger.runningSeconds(),
        null,
        ledger.gpuSeconds(),
        situation.phase() == TrainingPhase.QUEUED ? seen.queue().orElse(null) : null,
        Lineages.inputs(job, seen),
        ledger.modelVersion(),
        ledger.startedAt(),
        ledger.finishedAt(),
        WorkerImage.known(job, seen, ledger.number()));
  }

  private static @Nullable String summary(TrainingJob job, Situation situation) {
    if (situation.standing() == Situation.Standing.SUCCEEDED) {
      return "100%";
    }
    TrainingJobStatus status = job.getStatus();
    if (status == null) {
      return null;
    }
    // Whoever reports has written one as well, so to leave it out would leave it there.
    return isUndone(job, status, situation) ? "" : ProgressSummary.of(status.progress());
  }

  /** Whether what was reported last was of an attempt of which nothing is left. */
  private static boolean isUndone(TrainingJob job, TrainingJobStatus status, Situation situation) {
    TrainingAttempt attempt = situation.ledger().attempt();
    TrainingProgress progress = status.progress();
    if (progress == null
        || progress.reportedAt() == null
        || (Wishes.resumes(job) && status.checkpoint() != null)) {
      return false;
    }
    return switch (situation.phase()) {
      case PENDING, QUEUED, STARTING, RESTARTING, SUSPENDED -> true;
      case RUNNING ->
          attempt != null
              && attempt.startedAt() != null
              && Instant.parse(progress.reportedAt()).isBefore(Instant.parse(attempt.startedAt()));
      case CHECKPOINTING, PUBLISHING, SUCCEEDED, FAILED -> false;
    };
  }

  private static WorkerCounts workers(TrainingJob job, Optional<Attempt> present) {
    return new WorkerCounts(
        Wishes.workers(job),
        present.map(Attempt::active).orElse(0),
        present.map(Attempt::running).orElse(0),
        present.map(Attempt::succeeded).orElse(0),
        present.map(Attempt::failed).orElse(0));
  }

  private static int restarts(RestartCounts counts) {
    return count(counts.application()) + count(counts.disruption()) + count(counts.gangTimeout());
  }

  private static int count(@Nullable Integer number) {
    return number == null ? 0 : number;
  }
}
