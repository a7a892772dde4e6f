package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.state.Newcomer;
import dev.modelweir.operator.trainingjob.state.Wishes;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds new trainings back until the {@link Intake} has a place, and tells the reconciler then. */
final class NewTrainings extends SimpleInboundEventSource<TrainingJob>
    implements ResourceEventAware<TrainingJob> {

  // A place is taken for some writes one after the other. On two cores that also carry the cluster
  // four take in as many per second as eight, and what runs is told about in half the time.
  private static final int PLACES = 4;

  private final Intake intake = new Intake(PLACES, this::call);
  private volatile @Nullable IndexerResourceCache<TrainingJob> trainings;

  NewTrainings() {
    super("intake");
  }

  /**
   * Sees in this cache from now on who is still there.
   *
   * @return tells the reconciler of trainings that are held no more
   */
  EventSource<?, TrainingJob> watch(IndexerResourceCache<TrainingJob> trainings) {
    this.trainings = trainings;
    return this;
  }

  /** Whether it is to be left alone until it is called. If not, it must be {@link #leave left}. */
  boolean hold(TrainingJob job, Context<TrainingJob> context) {
    return isNew(job, context)
        && !intake.enter(
            Queue.id(job),
            Wishes.priority(job),
            Instant.parse(job.getMetadata().getCreationTimestamp()));
  }

  /** This look at it is over, whatever came of it. */
  void leave(TrainingJob job) {
    intake.leave(Queue.id(job));
  }

  /** It is not to be taken in any more. */
  void forget(TrainingJob job) {
    intake.forget(Queue.id(job));
  }

  /** Number of those that are held and will be called before this one. */
  int before(TrainingJob job) {
    return intake.before(Queue.id(job));
  }

  /** Number of those that are held. */
  int waiting() {
    return intake.waiting();
  }

  @Override
  public void onResourceDeleted(TrainingJob job) {
    forget(job);
  }

  /** Nothing has been told of it but that it waits here, and no attempt made. */
  private static boolean isNew(TrainingJob job, Context<TrainingJob> context) {
    return Newcomer.is(job)
        && context
            .getSecondaryResourcesAsStream(Job.class)
            .noneMatch(child -> child.getOwnerReferenceFor(job).isPresent());
  }

  /** The cache loses a training before its deletion is told, so one of the two is noticed. */
  private boolean call(String id) {
    if (Objects.requireNonNull(trainings).get(Queue.resource(id)).isEmpty()) {
      return false;
    }
    propagateEvent(Queue.resource(id));
    return true;
  }
}
