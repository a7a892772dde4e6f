package dev.modelweir.operator.mlflow;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.mlflow.Tracking.Told;
import dev.modelweir.operator.mlflow.plan.AliasPlan;
import dev.modelweir.operator.mlflow.plan.MlflowNames;
import dev.modelweir.operator.report.Message;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets the aliases of a registered model follow those of the Model here. */
public final class AliasReconciler implements Reconciler<Model> {

  private final RegisteredModels models;
  private final KubernetesClient client;
  private final Tracking tracking;

  public AliasReconciler(Mlflow mlflow, KubernetesClient client, String instance, Clock clock) {
    this.models = mlflow.models();
    this.client = client;
    this.tracking = new Tracking(client, instance, clock);
  }

  @Override
  public UpdateControl<Model> reconcile(Model model, Context<Model> context) {
    if (model.getStatus() == null || model.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    AliasPlan plan = AliasPlan.of(model);
    List<Condition> conditions = model.getStatus().conditions();
    if (Tracking.holds(conditions, Reason.TRACKED) && saysOf(plan, conditions)) {
      return tracking.keep(model, conditions);
    }
    return tracking.carryOut(
        model, conditions, () -> align(plan, model.getMetadata().getNamespace()));
  }

  private Optional<Told> align(AliasPlan plan, String namespace) throws MlflowException {
    Optional<String> missing = models.align(plan);
    if (missing.isEmpty()) {
      return Optional.of(new Told(Reason.TRACKED, plan.statement()));
    }
    if (wasRegistered(missing.get(), namespace)) {
      throw new MlflowException(
          "",
          "%s has no version any more with the tag %s=%s: register it there anew, or move the alias"
              .formatted(plan.model(), MlflowNames.VERSION, missing.get()));
    }
    return Optional.empty(); // it is about to be
  }

  private boolean wasRegistered(String version, String namespace) {
    return client
        .resources(ModelVersion.class)
        .inNamespace(namespace)
        .withField("metadata.name", version)
        .list()
        .getItems()
        .stream()
        .filter(there -> there.getStatus() != null)
        .anyMatch(there -> Tracking.holds(there.getStatus().conditions(), Reason.TRACKED));
  }

  private static boolean saysOf(AliasPlan plan, @Nullable List<Condition> conditions) {
    return Tracking.said(conditions)
        .filter(condition -> Message.bounded(plan.statement()).equals(condition.message()))
        .isPresent();
  }
}
