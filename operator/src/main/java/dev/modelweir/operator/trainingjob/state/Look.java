package dev.modelweir.operator.trainingjob.state;

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

  /** What was told of the failure after which the job restarts. */
  Reason toldWhileRestarting() {
    TrainingJobStatus status = job.getStatus();
    return status == null || status.phase() != TrainingPhase.RESTARTING
        ? Reason.PROGRAM_FAILED
        : ConditionStamp.before(status.conditions(), ConditionType.SUCCEEDED)
            .map(condition -> reason(condition.reason(), Reason.PROGRAM_FAILED))
            .filter(reason -> reason.kind() != Reason.Kind.GOOD)
            .orElse(Reason.PROGRAM_FAILED);
  }

  /** The reason with this word, or the other when there is none. */
  static Reason reason(@Nullable String word, Reason otherwise) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.word().equals(word))
        .findFirst()
        .orElse(otherwise);
  }
}
