package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.plan.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A training for which nothing is made yet, because very many have come at once. */
public final class Newcomer {

  /** Most are taken in before, and are spared a write that says that they wait. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  // All at once they would stand before what there is to tell of the trainings that run.
  private static final Duration APART = Duration.ofMillis(20);

  private Newcomer() {}

  /** Whether nothing was made for it, by all that its status says. */
  public static boolean is(TrainingJob job) {
    TrainingJobStatus status = job.getStatus();
    return status == null
        || status.conditions() == null
        || (status.phase() == TrainingPhase.QUEUED && status.attempt() == null);
  }

  /**
   * How long nothing is to be said of it.
   *
   * @param begin when this process began to take in, before which it could tell nobody
   * @param before number of those that are to be taken in first
   */
  public static Duration silence(TrainingJob job, Instant begin, int before, Instant now) {
    Instant created = Instant.parse(job.getMetadata().getCreationTimestamp());
    Instant since = created.isBefore(begin) ? begin : created;
    return Duration.between(now, since.plus(PATIENCE).plus(APART.multipliedBy(before)));
  }

  /** Whether its status says where it stands. */
  public static boolean isTold(TrainingJob job) {
    TrainingJobStatus status = job.getStatus();
    return status != null
        && status.conditions() != null
        && Objects.equals(status.observedGeneration(), job.getMetadata().getGeneration());
  }

  /**
   * What is seen of it.
   *
   * @param before number of those that are to be taken in first
   * @param obstacle why it cannot be carried out, if it cannot
   */
  public static TrainingObservation observation(
      int before, Optional<Refusal> obstacle, Instant now) {
    String message =
        "very many trainings came at once; at %s there were %d to be taken in before this one"
            .formatted(now.truncatedTo(ChronoUnit.SECONDS), before);
    return new TrainingObservation(
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        Optional.of(new QueueStatus(null, Reason.WAITING_FOR_TURN.word(), message)),
        false,
        obstacle);
  }

  /** Where it stands. */
  public static Situation situation(TrainingJob job, TrainingObservation seen, Instant now) {
    return Wishes.suspended(job) || seen.obstacle().isPresent()
        ? StateMachine.of(job, seen, now)
        : UnderWay.queued(new Look(job, seen, Ledger.of(job.getStatus()), now));
  }
}
