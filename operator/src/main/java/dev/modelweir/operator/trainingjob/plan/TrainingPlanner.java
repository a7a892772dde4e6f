package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.SchedulingBackend;
import dev.modelweir.api.v1alpha1.SchedulingSpec;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.accelerator.NodeFacts;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.progress.plan.ProgressAddress;
import dev.modelweir.operator.trainingjob.state.Attempt;
import dev.modelweir.operator.trainingjob.state.Next;
import dev.modelweir.operator.trainingjob.state.Published;
import dev.modelweir.operator.trainingjob.state.Situation;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Thinks out what a training needs in the cluster, from where it stands. */
public final class TrainingPlanner {

  // Failed attempts whose logs people may still want.
  private static final int KEPT_ATTEMPTS = 3;

  private final Settings settings;
  private final ProgressAddress progress;

  /**
   * @param progress where workers report to
   */
  public TrainingPlanner(Settings settings, ProgressAddress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Why the job cannot be carried out in this cluster, if it cannot.
   *
   * @param kueueServed whether the cluster has Kueue
   * @param templateMissing whether there is no such ResourceClaimTemplate as the job names
   * @param nodes what all nodes say of their devices; none when that is not known
   */
  public Optional<Refusal> obstacle(
      TrainingJob job, boolean kueueServed, boolean templateMissing, List<NodeFacts> nodes) {
    return Obstacle.in(job, kueueServed, templateMissing, nodes);
  }

  /** Whether a pod that is made now would lack what one made in a moment has. */
  public boolean isEarly() {
    return progress.isOpening();
  }

  /**
   * Whether its workers have reported what the status does not say yet, such as the checkpoint that
   * they saved when they were ended. It does within moments.
   */
  public boolean hasLastWords(TrainingJob job) {
    return progress.flush(job.getMetadata().getUid());
  }

  public TrainingPlan plan(TrainingJob job, TrainingObservation seen, Situation situation) {
    List<HasMetadata> desired = new ArrayList<>();
    if (!isOver(situation)) {
      desired.addAll(Companions.of(job));
    }
    List<HasMetadata> obsolete = new ArrayList<>(spent(job, seen, situation));
    switch (situation.next()) {
      case Next.Nothing nothing -> {}
      case Next.Start(int number) ->
          desired.add(AttemptJob.of(job, number, kueue(job, seen), settings, progress.target()));
      case Next.Publish publish ->
          desired.add(PublishJob.of(job, output(job), Lineages.of(job, seen), settings));
      case Next.PublishAgain(Job lost) -> obsolete.add(lost);
      case Next.Register(Published published, String version) ->
          desired.addAll(registration(job, seen, published, version));
      case Next.Expire expire -> obsolete.add(job);
    }
    return new TrainingPlan(desired, obsolete);
  }

  private static boolean isOver(Situation situation) {
    return switch (situation.standing()) {
      case SUCCEEDED, FAILED -> true;
      case GOES_ON, RESTS, BLOCKED -> false;
    };
  }

  /** Whether Kueue decides when the job starts. */
  private static boolean kueue(TrainingJob job, TrainingObservation seen) {
    SchedulingSpec scheduling = job.getSpec().scheduling();
    SchedulingBackend backend = scheduling == null ? null : scheduling.backend();
    if (backend == SchedulingBackend.BUILTIN || job.getSpec().queue() == null) {
      return false;
    }
    return backend == SchedulingBackend.KUEUE || seen.kueueServed();
  }

  /** A Job is deleted only when the status has been seen to say how its attempt ended. */
  private static List<Job> spent(TrainingJob job, TrainingObservation seen, Situation situation) {
    TrainingJobStatus status = job.getStatus();
    TrainingAttempt settled = status == null ? null : status.attempt();
    if (settled == null || settled.number() == null || settled.outcome() == null) {
      return List.of();
    }
    int latest = settled.number();
    boolean succeeded = situation.standing() == Situation.Standing.SUCCEEDED;
    return Attempt.in(seen).stream()
        .filter(attempt -> !attempt.isBeingDeleted())
        // One that follows was made by an operator that died before its status could say so.
        .filter(attempt -> attempt.number() <= latest)
        .filter(attempt ->
            attempt.goesOn()
                // One that succeeded is about to be complete, and its logs stay.
                ? attempt.number() < latest || settled.outcome() != AttemptOutcome.SUCCEEDED
                : attempt.number() < (succeeded ? latest : latest - KEPT_ATTEMPTS + 1))
        .map(Attempt::job)
        .toList();
  }

  private List<HasMetadata> registration(
      TrainingJob job, TrainingObservation seen, Published published, String version) {
    ModelOutput output = output(job);
    List<HasMetadata> desired = new ArrayList<>();
    boolean known =
        seen.ofType(Model.class).stream()
            .anyMatch(model -> model.getMetadata().getName().equals(output.model()));
    if (!known) {
      desired.add(Registration.model(job, output));
    }
    desired.add(Registration.version(job, output, published, version, Lineages.of(job, seen)));
    return desired;
  }

  private static ModelOutput output(TrainingJob job) {
    return Objects.requireNonNull(job.getSpec().output(), "only what has an output is published");
  }
}
