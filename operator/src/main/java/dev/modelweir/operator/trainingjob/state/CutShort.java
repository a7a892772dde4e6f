package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.diagnosis.PodDiagnosis;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Ends of an attempt that the operator decides on. */
final class CutShort {

  private static final Duration UNTIL_REFUSED = Duration.ofSeconds(20);

  private CutShort() {}

  static Optional<Ending> of(Look look, Attempt attempt) {
    if (Wishes.suspended(look.job())) {
      return Optional.of(
          new Ending(
              AttemptOutcome.SUSPENDED,
              Reason.SUSPENDED,
              "`suspend` is true",
              look.nowUnlessAlive()));
    }
    Integer deadline = look.job().getSpec().activeDeadlineSeconds();
    long ran = look.ledger().runningSeconds(look.now());
    if (deadline != null && ran >= deadline) {
      return ending(
          look,
          AttemptOutcome.DEADLINE_EXCEEDED,
          Reason.DEADLINE_EXCEEDED,
          "the job has run for %d s, `activeDeadlineSeconds` is %d".formatted(ran, deadline));
    }
    return gangDeadline(look, attempt)
        .filter(time -> !look.now().isBefore(time))
        .flatMap(late ->
            ending(look, AttemptOutcome.GANG_TIMEOUT, Reason.GANG_TIMEOUT, lateness(look, attempt)))
        .or(() -> hopeless(look, attempt));
  }

  /**
   * What waits for an image that a registry refuses, or for pods that the API server does, holds
   * its room in vain until then, and the turn of others. It is tried again like one that was late,
   * for either may change its mind.
   */
  private static Optional<Ending> hopeless(Look look, Attempt attempt) {
    return gangDeadline(look, attempt)
        .filter(waitsUntil ->
            attempt.pods().stream().anyMatch(PodDiagnosis::hasRefusedImage)
                || hasRefusedPods(look, attempt))
        .flatMap(waitsUntil -> UnderWay.trouble(look, attempt))
        .flatMap(trouble ->
            ending(
                look,
                AttemptOutcome.GANG_TIMEOUT,
                trouble.reason(),
                "%d of %d workers started, and the others cannot: %s"
                    .formatted(attempt.started().size(), attempt.workers(), trouble.message())));
  }

  /** Not only while those that went before it are cleared away, whose room it may have. */
  private static boolean hasRefusedPods(Look look, Attempt attempt) {
    return UnderWay.refusal(look, attempt).isPresent()
        && attempt
            .admittedAt()
            .filter(since -> since.plus(UNTIL_REFUSED).isBefore(look.now()))
            .isPresent();
  }

  /**
   * Until when all workers must have started; absent once they have, and while it waits. Kueue has
   * a timeout of its own.
   */
  static Optional<Instant> gangDeadline(Look look, Attempt attempt) {
    return attempt.waits() || look.ledger().hasBegun() || attempt.isKueues()
        ? Optional.empty()
        : attempt.admittedAt().map(since -> since.plus(Wishes.gangTimeout(look.job())));
  }

  private static String lateness(Look look, Attempt attempt) {
    String lead =
        "%d of %d workers started within `scheduling.gangTimeoutSeconds` (%d)"
            .formatted(
                attempt.started().size(),
                attempt.workers(),
                Wishes.gangTimeout(look.job()).toSeconds());
    return UnderWay.trouble(look, attempt)
        .map(finding -> lead + ": " + finding.message())
        .orElse(lead);
  }

  private static Optional<Ending> ending(
      Look look, AttemptOutcome outcome, Reason reason, String message) {
    return Optional.of(new Ending(outcome, reason, message, Optional.of(look.now())));
  }
}
