package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.diagnosis.PodDiagnosis;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/** Where a training stands while an attempt goes on. */
final class UnderWay {

  private static final Duration WHILE_STARTING = Duration.ofSeconds(6);
  // What Kueue says is asked for and not watched.
  private static final Duration WHILE_WITH_KUEUE = Duration.ofSeconds(10);

  private UnderWay() {}

  static Situation of(Look look, Attempt attempt) {
    if (attempt.isBeingDeleted()) {
      return look.goesOn(
          TrainingPhase.RESTARTING,
          Reason.RESTARTING,
          "Job %s is being deleted by somebody".formatted(attempt.name()));
    }
    if (attempt.waits()) {
      return attempt.isKueues() ? withKueue(look, attempt) : queued(look);
    }
    return attempt.startedAt().isEmpty() ? starting(look, attempt) : running(look, attempt);
  }

  /** What the workers that have not started struggle with. */
  static Optional<Finding> trouble(Look look, Attempt attempt) {
    return Finding.mostTelling(
        attempt.pods().stream()
            .filter(pod -> pod.getStatus() != null && Workers.startedAt(pod).isEmpty())
            .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
            .flatMap(pod ->
                PodDiagnosis.of(
                    Subjects.worker(look.job()),
                    pod,
                    look.seen().podWarnings().get(pod.getMetadata().getName()),
                    look.now())
                    .stream()));
  }

  private static Situation withKueue(Look look, Attempt attempt) {
    String silence =
        "Kueue has not admitted Job %s to LocalQueue %s; see `kubectl get workloads -n %s`"
            .formatted(
                attempt.name(),
                look.job().getSpec().queue(),
                look.job().getMetadata().getNamespace());
    return look.goesOn(
            TrainingPhase.QUEUED,
            Reason.WAITING_FOR_QUOTA,
            look.seen()
                .queue()
                .flatMap(queue -> Optional.ofNullable(queue.message()))
                .orElse(silence))
        .lookAgain(WHILE_WITH_KUEUE);
  }

  private static Situation queued(Look look) {
    QueueStatus queue = look.seen().queue().orElse(new QueueStatus(null, null, null));
    return look.goesOn(
        TrainingPhase.QUEUED,
        Look.reason(queue.reason(), Reason.WAITING_FOR_TURN),
        queue.message() == null ? "the queue has not looked at the job yet" : queue.message());
  }

  private static Situation starting(Look look, Attempt attempt) {
    Optional<Finding> trouble = trouble(look, attempt);
    String lead =
        "%d of %d workers of attempt %d have started"
            .formatted(attempt.started().size(), attempt.workers(), attempt.number());
    return look.goesOn(
            TrainingPhase.STARTING,
            trouble.map(Finding::reason).orElse(Reason.STARTING),
            trouble.map(found -> lead + "; " + found.message()).orElse(lead))
        .because(trouble)
        .lookAgain(WHILE_STARTING)
        .lookAgain(
            CutShort.gangDeadline(look, attempt).map(time -> Duration.between(look.now(), time)));
  }

  private static Situation running(Look look, Attempt attempt) {
    Integer deadline = look.job().getSpec().activeDeadlineSeconds();
    return look.goesOn(
            TrainingPhase.RUNNING,
            Reason.TRAINING,
            "all %d workers of attempt %d run".formatted(attempt.workers(), attempt.number()))
        .lookAgain(
            Optional.ofNullable(deadline)
                .map(seconds ->
                    Duration.ofSeconds(seconds - look.ledger().runningSeconds(look.now()))));
  }
}
