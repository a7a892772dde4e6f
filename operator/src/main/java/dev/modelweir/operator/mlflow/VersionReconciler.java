package dev.modelweir.operator.mlflow;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.mlflow.Tracking.Told;
import dev.modelweir.operator.mlflow.plan.VersionPlan;
import dev.modelweir.operator.mlflow.plan.VersionPlan.Maker;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Registers each ModelVersion with the server, once, as a version that came from its run. One whose
 * deletion waits is still in use, so it is registered like any other.
 */
public final class VersionReconciler implements Reconciler<ModelVersion> {

  private final Runs runs;
  private final RegisteredModels models;
  private final KubernetesClient client;
  private final Tracking tracking;

  public VersionReconciler(Mlflow mlflow, KubernetesClient client, String instance, Clock clock) {
    this.runs = mlflow.runs();
    this.models = mlflow.models();
    this.client = client;
    this.tracking = new Tracking(client, instance, clock);
  }

  @Override
  public UpdateControl<ModelVersion> reconcile(
      ModelVersion version, Context<ModelVersion> context) {
    if (context.isPrimaryResourceDeleted()) {
      return UpdateControl.noUpdate();
    }
    List<Condition> conditions =
        version.getStatus() == null ? null : version.getStatus().conditions();
    return Tracking.holds(conditions, Reason.TRACKED)
        ? tracking.keep(version, conditions)
        : tracking.carryOut(version, conditions, () -> register(version));
  }

  private Told register(ModelVersion version) throws MlflowException {
    VersionPlan plan = VersionPlan.of(version);
    Optional<String> run = Optional.empty();
    if (plan.maker().isPresent()) {
      Maker maker = plan.maker().get();
      if (isYetToBeTracked(maker, version.getMetadata().getNamespace())) {
        return Told.waits(
            "waits until MLflow has the run of TrainingJob %s, see its condition Tracked"
                .formatted(maker.job()));
      }
      run = runs.find(maker.experiment(), maker.uid());
    }
    String number = models.register(plan, run);
    if (run.isPresent()) {
      runs.log(run.get(), plan.quality());
    }
    return new Told(Reason.TRACKED, "version %s of %s".formatted(number, plan.model()));
  }

  /** The run of a training is told by another thread, and a version cannot get one later. */
  private boolean isYetToBeTracked(Maker maker, String namespace) {
    TrainingJob job =
        client.resources(TrainingJob.class).inNamespace(namespace).withName(maker.job()).get();
    return job != null
        && job.getMetadata().getUid().equals(maker.uid())
        && job.getStatus() != null
        && Tracking.said(job.getStatus().conditions())
            .filter(condition -> condition.status().equals("True"))
            .isEmpty();
  }
}
