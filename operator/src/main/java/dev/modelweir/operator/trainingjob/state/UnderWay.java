package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.diagnosis.PodDiagnosis;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a training stands while an attempt goes on. */
final class UnderWay {

  private static final Duration WHILE_STARTING = Duration.ofSeconds(6);
  // What Kueue says is asked for and not watched; its start of the Job is.
  private static final Duration UNTIL_KUEUE_SPEAKS = Duration.ofSeconds(2);
  private static final Duration NEAR_ITS_TURN = Duration.ofSeconds(10);
  private static final Duration FAR_BACK = Duration.ofMinutes(1);
  private static final int NEAR = 10;

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
    return look.ledger().hasBegun() ? running(look, attempt) : starting(look, attempt);
  }

  /** What the workers that have not started struggle with. */
  static Optional<Finding> trouble(Look look, Attempt attempt) {
    return Finding.mostTelling(
        Stream.concat(
            refusal(look, attempt).stream(),
            attempt.pods().stream()
                .filter(pod -> pod.getStatus() != null && Workers.startedAt(pod).isEmpty())
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .flatMap(pod ->
                    PodDiagnosis.of(
                        Subjects.worker(look.job()),
                        pod,
                        look.seen().podWarnings().get(pod.getMetadata().getName()),
                        look.now())
                        .stream())));
  }

  /** Why the API server makes no pods of some workers. */
  static Optional<Finding> refusal(Look look, Attempt attempt) {
    return look.seen().refusal(attempt.job(), "`template.resources` or `workers`");
  }

  private static Situation withKueue(Look look, Attempt attempt) {
    Optional<QueueStatus> queue = look.seen().queue();
    return look.goesOn(
            TrainingPhase.QUEUED,
            Reason.WAITING_FOR_QUOTA,
            queue
                .flatMap(said -> Optional.ofNullable(said.message()))
                .orElseGet(() -> silence(look, attempt)))
        .lookAgain(queue.map(UnderWay::untilAskedAgain).orElse(UNTIL_KUEUE_SPEAKS));
  }

  private static Duration untilAskedAgain(QueueStatus queue) {
    Integer position = queue.position();
    return position != null && position > NEAR ? FAR_BACK : NEAR_ITS_TURN;
  }

  private static String silence(Look look, Attempt attempt) {
    return look.job().getSpec().queue() != null && !look.seen().kueueServed()
        ? "Job %s waits for Kueue, which the cluster no longer has: install it again, or set `suspend` to true and then to false to queue the job anew"
            .formatted(attempt.name())
        : "Kueue has not admitted Job %s to LocalQueue %s; see `kubectl get workloads -n %s`"
            .formatted(
                attempt.name(), attempt.kueueQueue(), look.job().getMetadata().getNamespace());
  }

  static Situation queued(Look look) {
    QueueStatus queue = look.seen().queue().orElse(new QueueStatus(null, null, null));
    Reason reason = Look.reason(queue.reason(), Reason.WAITING_FOR_TURN);
    return look.situation(
        TrainingPhase.QUEUED,
        reason.kind() == Reason.Kind.TERMINAL
            ? Situation.Standing.BLOCKED
            : Situation.Standing.GOES_ON,
        reason,
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
    return look.goesOn(TrainingPhase.RUNNING, Reason.TRAINING, whoRuns(attempt))
        .lookAgain(
            Optional.ofNullable(deadline)
                .map(seconds ->
                    Duration.ofSeconds(seconds - look.ledger().runningSeconds(look.now()))));
  }

  /** Not all of them need run any more: one may have done its part, or be lost. */
  private static String whoRuns(Attempt attempt) {
    int running = attempt.running();
    if (running == attempt.workers()) {
      return "all %d workers of attempt %d run".formatted(running, attempt.number());
    }
    int ended = attempt.succeeded();
    int failed = attempt.failed();
    int leaving = Math.max(0, attempt.pods().size() - running - ended - failed);
    int gone = Math.max(0, attempt.workers() - running - ended - failed - leaving);
    return "%d of %d workers of attempt %d run"
            .formatted(running, attempt.workers(), attempt.number())
        + counted(ended, "ended well")
        + counted(failed, "failed")
        + counted(leaving, "being ended")
        + counted(gone, "gone");
  }

  private static String counted(int number, String what) {
    return number == 0 ? "" : ", %d %s".formatted(number, what);
  }
}
