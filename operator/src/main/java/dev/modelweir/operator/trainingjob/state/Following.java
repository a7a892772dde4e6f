package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What follows from how the last attempt ended. */
final class Following {

  private static final Duration WHILE_ENDING = Duration.ofSeconds(15);

  private Following() {}

  /**
   * @param reason how it ended
   * @param message the same for people
   */
  static Situation from(Look look, Reason reason, String message) {
    return switch (look.ledger().outcome()) {
      case null -> next(look, Duration.ZERO, Reason.STARTING, "the job begins");
      case SUCCEEDED -> Trained.of(look);
      case DEADLINE_EXCEEDED -> look.givenUp(Reason.DEADLINE_EXCEEDED, message);
      case FAILED -> failed(look, reason, message);
      case DISRUPTED -> next(look, afterDisruption(look), Reason.DISRUPTED, message);
      case GANG_TIMEOUT ->
          next(
              look,
              Backoff.after(look.ledger().gangTimeouts()),
              shown(look, reason, Reason.GANG_TIMEOUT),
              message);
      case SUSPENDED -> next(look, Duration.ZERO, Reason.RESTARTING, "the job goes on");
    };
  }

  private static Situation failed(Look look, Reason reason, String message) {
    if (reason == Reason.FATAL_EXIT_CODE) {
      return look.givenUp(reason, message);
    }
    int allowed = Wishes.retries(look.job());
    int failures = look.ledger().applicationFailures();
    if (failures > allowed) {
      return look.givenUp(
          Reason.RETRIES_EXHAUSTED,
          "the program failed %d times, `retries.application` is %d; the last time: %s"
              .formatted(failures, allowed, message));
    }
    return next(look, Backoff.after(failures), shown(look, reason, Reason.PROGRAM_FAILED), message);
  }

  private static Reason shown(Look look, Reason reason, Reason otherwise) {
    return reason == Reason.RESTARTING ? look.toldWhileRestarting(otherwise) : reason;
  }

  /**
   * At once, unless the workers ran only for a moment or did not even start: that would be tried in
   * a hurry for ever.
   */
  private static Duration afterDisruption(Look look) {
    Instant ended = look.ledger().endedAt();
    Duration ran = Duration.between(look.ledger().begunAt().orElse(ended), ended);
    return Backoff.after(1).minus(ran);
  }

  /** The next attempt, when nothing holds it back. */
  private static Situation next(Look look, Duration pause, Reason reason, String message) {
    long alive = look.alive();
    if (Wishes.suspended(look.job())) {
      return alive > 0 ? saving(look, alive) : suspended(look);
    }
    if (alive > 0) {
      return look.goesOn(
              TrainingPhase.RESTARTING,
              reason,
              "%s; waits for %d pods to end".formatted(message, alive))
          .lookAgain(WHILE_ENDING);
    }
    if (look.seen().obstacle().isPresent()) {
      return blocked(look, look.seen().obstacle().get());
    }
    if (!look.seen().strangers().isEmpty()) {
      return besideStranger(look, look.seen().strangers().getFirst());
    }
    Instant at = look.ledger().endedAt().plus(pause);
    if (look.now().isBefore(at)) {
      return look.goesOn(
              TrainingPhase.RESTARTING,
              reason,
              "%s; attempt %d follows at %s"
                  .formatted(
                      message, look.ledger().number() + 1, at.truncatedTo(ChronoUnit.SECONDS)))
          .lookAgain(Duration.between(look.now(), at));
    }
    return look.goesOn(phase(look.ledger().outcome()), reason, message)
        .then(new Next.Start(look.ledger().number() + 1));
  }

  /** A job that begins or goes on has not restarted. */
  private static TrainingPhase phase(@Nullable AttemptOutcome last) {
    return last == null || last == AttemptOutcome.SUSPENDED
        ? TrainingPhase.PENDING
        : TrainingPhase.RESTARTING;
  }

  private static Situation saving(Look look, long alive) {
    return look.goesOn(
            TrainingPhase.CHECKPOINTING,
            Reason.CHECKPOINTING,
            "%d workers were asked to save a checkpoint and end".formatted(alive))
        .lookAgain(WHILE_ENDING);
  }

  private static Situation suspended(Look look) {
    return look.situation(
        TrainingPhase.SUSPENDED,
        Situation.Standing.RESTS,
        Reason.SUSPENDED,
        "`suspend` holds the job; set it to false to go on");
  }

  private static Situation blocked(Look look, Refusal obstacle) {
    return look.situation(
            TrainingPhase.PENDING,
            Situation.Standing.BLOCKED,
            obstacle.reason(),
            obstacle.message())
        .lookAgain(WHILE_ENDING);
  }

  /** A Job of ours under a name that is taken would be taken over, with all that it has done. */
  private static Situation besideStranger(Look look, Job stranger) {
    return look.goesOn(
            TrainingPhase.PENDING,
            Reason.NAME_CONFLICT,
            "Job %s belongs to another training of this name; waits for the garbage collector, or delete it"
                .formatted(stranger.getMetadata().getName()))
        .lookAgain(WHILE_ENDING);
  }
}
