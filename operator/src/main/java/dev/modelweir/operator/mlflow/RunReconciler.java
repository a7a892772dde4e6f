package dev.modelweir.operator.mlflow;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.mlflow.Tracking.Told;
import dev.modelweir.operator.mlflow.plan.RunPlan;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a run of each TrainingJob on the server: made when its workers run, told what they measure,
 * ended with it.
 */
public final class RunReconciler implements Reconciler<TrainingJob> {

  private final Runs runs;
  private final Tracking tracking;
  private final Clock clock;

  public RunReconciler(Mlflow mlflow, KubernetesClient client, String instance, Clock clock) {
    this.runs = mlflow.runs();
    this.tracking = new Tracking(client, instance, clock);
    this.clock = clock;
  }

  /** Whether a change may be one that the server is told of. */
  public static boolean matters(TrainingJob now, TrainingJob before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !times(now).equals(times(before));
  }

  /** When it began, last reported and ended, in one word. */
  private static String times(TrainingJob job) {
    TrainingJobStatus status = job.getStatus();
    if (status == null) {
      return "";
    }
    String reportedAt = status.progress() == null ? null : status.progress().reportedAt();
    return status.startedAt() + "/" + reportedAt + "/" + status.finishedAt();
  }

  @Override
  public UpdateControl<TrainingJob> reconcile(TrainingJob job, Context<TrainingJob> context) {
    Instant now = clock.instant();
    boolean deleted = context.isPrimaryResourceDeleted();
    Optional<RunPlan> plan = RunPlan.of(job, deleted, now);
    if (plan.isEmpty()) {
      return UpdateControl.noUpdate();
    }
    if (deleted) {
      return endOf(job, plan.get());
    }
    List<Condition> conditions = conditions(job);
    if (Tracking.holds(conditions, Reason.TRACKED)) {
      return tracking.keep(job, conditions);
    }
    Duration early = Duration.between(now, plan.get().completeAt());
    if (early.isPositive()) {
      return UpdateControl.<TrainingJob>noUpdate().rescheduleAfter(early);
    }
    return tracking.carryOut(job, conditions, () -> told(plan.get()));
  }

  private Told told(RunPlan plan) throws MlflowException {
    String id = runs.carryOut(plan);
    return new Told(
        plan.end().isPresent() ? Reason.TRACKED : Reason.TRACKING,
        "run %s of experiment %s is %s".formatted(id, plan.experiment(), plan.status().name()));
  }

  /** There is no status any more that could remember it, so it is tried again until it is done. */
  private UpdateControl<TrainingJob> endOf(TrainingJob job, RunPlan plan) {
    if (Tracking.holds(conditions(job), Reason.TRACKED)) {
      return UpdateControl.noUpdate();
    }
    try {
      runs.carryOut(plan);
      return UpdateControl.noUpdate();
    } catch (MlflowException e) {
      throw new IllegalStateException(
          "the run of the deleted TrainingJob %s is not ended: %s"
              .formatted(job.getMetadata().getName(), e.said()),
          e);
    }
  }

  private static @Nullable List<Condition> conditions(TrainingJob job) {
    return job.getStatus() == null ? null : job.getStatus().conditions();
  }
}
