package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.report.ConditionStamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * The life of a training. A look at it asks, in this order: is it over; does an attempt go on or
 * has it just ended; what follows from how the last one ended.
 */
public final class StateMachine {

  private static final Duration SOON = Duration.ofSeconds(1);

  private StateMachine() {}

  public static Situation of(TrainingJob job, TrainingObservation seen, Instant now) {
    Look look = new Look(job, seen, Ledger.of(job.getStatus()), now);
    Ledger ledger = look.ledger();
    if (ledger.isFinished()) {
      return finished(look);
    }
    Optional<Attempt> present =
        Attempt.in(seen).stream()
            .filter(
                attempt -> attempt.number() > ledger.number() || ledger.isOpen(attempt.number()))
            .max(Comparator.comparing(Attempt::number));
    if (present.isPresent()) {
      return underWay(look.with(ledger.with(present.get(), now)), present.get());
    }
    if (ledger.isOpen(ledger.number())) {
      return settle(look, vanished(look));
    }
    return ledger.isEnding() && look.alive() == 0
        ? ended(look)
        : Following.from(look, Reason.RESTARTING, ledger.message());
  }

  private static Situation underWay(Look look, Attempt attempt) {
    if (Ending.isAheadOfItsPod(attempt, look.now())) {
      return UnderWay.of(look, attempt).lookAgain(SOON);
    }
    return KueueStop.of(look, attempt)
        .or(() -> Ending.of(look, attempt))
        .or(() -> CutShort.of(look, attempt))
        .map(ending -> settle(look, ending))
        .orElseGet(() -> UnderWay.of(look, attempt));
  }

  /** The Job of an attempt that was never settled is gone: somebody deleted it. */
  private static Ending vanished(Look look) {
    String message =
        "Job %s-%d was deleted"
            .formatted(look.job().getMetadata().getName(), look.ledger().number());
    return Wishes.suspended(look.job())
        ? new Ending(AttemptOutcome.SUSPENDED, Reason.SUSPENDED, message, look.nowUnlessAlive())
        : new Ending(AttemptOutcome.DISRUPTED, Reason.DISRUPTED, message, look.nowUnlessAlive());
  }

  private static Situation settle(Look look, Ending ending) {
    Ledger settled = look.ledger().settle(ending);
    Ledger known = ending.at().map(at -> cost(look, settled, at)).orElse(settled);
    return said(look.with(known), ending.reason(), ending.message());
  }

  /** The last worker of a settled attempt has ended, with what it could save meanwhile. */
  private static Situation ended(Look look) {
    // Nobody may have looked since.
    Instant latest =
        look.runningUntil().plus(Wishes.gracePeriod(look.job())).plus(Workers.LOST_AFTER);
    Instant at = latest.isBefore(look.now()) ? latest : look.now();
    return said(
        look.with(cost(look, look.ledger(), at)), Reason.RESTARTING, look.ledger().message());
  }

  private static Ledger cost(Look look, Ledger settled, Instant at) {
    TrainingJobStatus status = look.job().getStatus();
    CheckpointStatus checkpoint =
        status == null || !Wishes.resumes(look.job()) ? null : status.checkpoint();
    return settled.end(at, Wishes.devices(look.job()), checkpoint);
  }

  /** What follows is done when the status has been seen to say so. */
  private static Situation said(Look look, Reason reason, String message) {
    return Following.from(look, reason, message).then(Next.NOTHING).lookAgain(Situation.SHORTEST);
  }

  /** Says what was said when it finished. */
  private static Situation finished(Look look) {
    Optional<Condition> said =
        ConditionStamp.before(
            Objects.requireNonNull(look.job().getStatus()).conditions(), ConditionType.SUCCEEDED);
    boolean good = said.filter(condition -> condition.status().equals("True")).isPresent();
    Situation over =
        look.situation(
            good ? TrainingPhase.SUCCEEDED : TrainingPhase.FAILED,
            good ? Situation.Standing.SUCCEEDED : Situation.Standing.FAILED,
            said.map(condition -> Look.reason(condition.reason(), Reason.SUCCEEDED))
                .orElse(Reason.SUCCEEDED),
            said.map(condition -> Objects.toString(condition.message(), "")).orElse(""));
    Integer kept = look.job().getSpec().ttlSecondsAfterFinished();
    if (kept == null) {
      return over;
    }
    Instant end =
        Instant.parse(Objects.requireNonNull(look.ledger().finishedAt())).plusSeconds(kept);
    return look.now().isBefore(end)
        ? over.lookAgain(Duration.between(look.now(), end))
        : over.then(new Next.Expire());
  }
}
