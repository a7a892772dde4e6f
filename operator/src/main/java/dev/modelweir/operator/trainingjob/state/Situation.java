package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.diagnosis.Finding;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a training stands and what follows from it.
 *
 * @param phase for people
 * @param standing whether it goes on, rests, or is over
 * @param reason why it stands there
 * @param message the reason for people
 * @param ledger what the status is to remember
 * @param next what is to be done now
 * @param finding what its pods struggle with, if they do
 * @param lookAgainAfter when to look again although nothing may have changed by then
 */
public record Situation(
    TrainingPhase phase,
    Standing standing,
    Reason reason,
    String message,
    Ledger ledger,
    Next next,
    Optional<Finding> finding,
    Optional<Duration> lookAgainAfter) {

  /** What is due is done at once, and no pause is negative. */
  static final Duration SHORTEST = Duration.ofMillis(50);

  /** Whether the operator expects to get further. */
  public enum Standing {
    GOES_ON,
    /** It waits for a person, who asked for that. */
    RESTS,
    /** It cannot begin until a person changes something. */
    BLOCKED,
    SUCCEEDED,
    FAILED
  }

  Situation then(Next what) {
    return new Situation(phase, standing, reason, message, ledger, what, finding, lookAgainAfter);
  }

  Situation because(Optional<Finding> what) {
    return new Situation(phase, standing, reason, message, ledger, next, what, lookAgainAfter);
  }

  /** The same, looked at again after the shortest of the pauses given so far. */
  public Situation lookAgain(Duration pause) {
    Duration wanted = pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause;
    Duration shortest = lookAgainAfter.filter(other -> other.compareTo(wanted) < 0).orElse(wanted);
    return new Situation(
        phase, standing, reason, message, ledger, next, finding, Optional.of(shortest));
  }

  Situation lookAgain(Optional<Duration> pause) {
    return pause.map(this::lookAgain).orElse(this);
  }
}
