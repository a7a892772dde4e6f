package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.report.ConditionStamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One look at a training, which the parts of the state machine share.
 *
 * @param ledger what the status remembers, with what this look adds
 */
record Look(TrainingJob job, TrainingObservation seen, Ledger ledger, Instant now) {

  Look with(Ledger later) {
    return new Look(job, seen, later, now);
  }

  /** Number of workers that may still compute and write. */
  long alive() {
    return seen.alive(now);
  }

  /** When an attempt ends whose workers are asked to: now, unless some have yet to do so. */
  Optional<Instant> nowUnlessAlive() {
    return alive() > 0 ? Optional.empty() : Optional.of(now);
  }

  /** Until when the workers ran together, as the status remembers it; now when it does not. */
  Instant runningUntil() {
    TrainingJobStatus status = job.getStatus();
    return status == null
        ? now
        : ConditionStamp.before(status.conditions(), ConditionType.RUNNING)
            .filter(condition -> condition.status().equals("False"))
            .map(Condition::lastTransitionTime)
            .map(Instant::parse)
            .orElse(now);
  }

  Situation goesOn(TrainingPhase phase, Reason reason, String message) {
    return situation(phase, Situation.Standing.GOES_ON, reason, message);
  }

  Situation situation(
      TrainingPhase phase, Situation.Standing standing, Reason reason, String message) {
    return new Situation(
        phase, standing, reason, message, ledger, Next.NOTHING, Optional.empty(), Optional.empty());
  }

  Situation succeeded(String message) {
    return with(ledger.finish(now))
        .situation(
            TrainingPhase.SUCCEEDED, Situation.Standing.SUCCEEDED, Reason.SUCCEEDED, message);
  }

  Situation givenUp(Reason reason, String message) {
    return with(ledger.finish(now))
        .situation(
            TrainingPhase.FAILED,
            Situation.Standing.FAILED,
            reason,
            message + "; correct the cause and create the TrainingJob anew");
  }

  /**
   * What was told of the end after which the job restarts.
   *
   * @param otherwise when nothing was
   */
  Reason toldWhileRestarting(Reason otherwise) {
    TrainingJobStatus status = job.getStatus();
    return status == null || status.phase() != TrainingPhase.RESTARTING
        ? otherwise
        : ConditionStamp.before(status.conditions(), ConditionType.SUCCEEDED)
            .map(condition -> reason(condition.reason(), otherwise))
            .filter(reason -> reason.kind() != Reason.Kind.GOOD)
            .orElse(otherwise);
  }

  /** The reason with this word, or the other when there is none. */
  static Reason reason(@Nullable String word, Reason otherwise) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.word().equals(word))
        .findFirst()
        .orElse(otherwise);
  }
}
