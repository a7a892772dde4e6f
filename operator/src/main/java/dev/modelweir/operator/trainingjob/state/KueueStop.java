package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.Reason;
import java.util.Optional;

/**
 * The end of an attempt that Kueue takes back, as for one of higher priority: it suspends the Job,
 * and the Job controller ends the workers.
 *
 * <p>Such a Job would not run well again. A worker that saves its checkpoint ends with an error,
 * which fails the Job; and the time until it is let in again would count as time that it ran.
 */
final class KueueStop {

  private KueueStop() {}

  static Optional<Ending> of(Look look, Attempt attempt) {
    boolean began =
        !attempt.started().isEmpty() || look.ledger().hasBegun() || attempt.failure().isPresent();
    if (!attempt.isKueues() || !attempt.waits() || !began || attempt.hasSucceeded()) {
      return Optional.empty();
    }
    // Only on Kueue's word, which is fresh: our copy of the Job may be older than its pods.
    return look.seen()
        .queue()
        .flatMap(queue -> Optional.ofNullable(queue.message()))
        .map(said ->
            new Ending(
                AttemptOutcome.DISRUPTED,
                Reason.DISRUPTED,
                "Kueue has stopped the attempt; " + said,
                look.nowUnlessAlive()));
  }
}
