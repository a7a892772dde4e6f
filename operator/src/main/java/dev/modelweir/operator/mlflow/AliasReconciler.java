package dev.modelweir.operator.mlflow;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.MlflowModel;
import dev.modelweir.api.v1alpha1.MlflowState;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelSpec;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.apply.PartialStatusWriter;
import dev.modelweir.operator.mlflow.Tracking.Told;
import dev.modelweir.operator.mlflow.plan.AliasPlan;
import dev.modelweir.operator.mlflow.plan.MlflowNames;
import dev.modelweir.operator.report.Message;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Lets the aliases of a registered model follow those of the Model here, and asks for those that
 * the Model follows.
 */
public final class AliasReconciler implements Reconciler<Model> {

  // Spread, so that many Models do not ask at once.
  private static final Duration POLL = Duration.ofSeconds(25);
  private static final long SPREAD_MILLIS = 10_000;

  private final RegisteredModels models;
  private final KubernetesClient client;
  private final Tracking tracking;
  private final PartialStatusWriter answers;

  public AliasReconciler(Mlflow mlflow, KubernetesClient client, String instance, Clock clock) {
    this.models = mlflow.models();
    this.client = client;
    this.tracking = new Tracking(client, instance, clock);
    this.answers = new PartialStatusWriter(client, "modelweir-mlflow");
  }

  @Override
  public UpdateControl<Model> reconcile(Model model, Context<Model> context) {
    if (model.getStatus() == null || model.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    Optional<MlflowModel> followed = Optional.ofNullable(model.getSpec()).map(ModelSpec::mlflow);
    if (followed.isEmpty()) {
      answered(model, null);
    }
    AliasPlan plan = AliasPlan.of(model);
    List<Condition> conditions = model.getStatus().conditions();
    boolean aligned = Tracking.holds(conditions, Reason.TRACKED) && saysOf(plan, conditions);
    if (aligned && followed.isEmpty()) {
      return tracking.keep(model, conditions);
    }
    UpdateControl<Model> done =
        tracking.carryOut(
            model,
            conditions,
            () -> {
              if (followed.isPresent()) {
                answered(model, models.look(followed.get()));
              }
              return aligned ? Optional.of(told(plan)) : align(plan, model);
            });
    if (followed.isPresent() && done.getScheduleDelay().isEmpty()) {
      done.rescheduleAfter(POLL.plusMillis(ThreadLocalRandom.current().nextLong(SPREAD_MILLIS)));
    }
    return done;
  }

  /** Keeps what the server answered of the aliases that are followed; null when none are. */
  @SuppressWarnings("NullAway") // only objects with a status come here
  private void answered(Model model, @Nullable MlflowState state) {
    if (!Objects.equals(model.getStatus().mlflow(), state)) {
      answers.write(model, state == null ? Map.of() : Map.of("mlflow", state));
    }
  }

  private Optional<Told> align(AliasPlan plan, Model model) throws MlflowException {
    Optional<String> missing = models.align(plan);
    if (missing.isPresent() && wasRegistered(missing.get(), model.getMetadata().getNamespace())) {
      // Perhaps only since the server was asked for it.
      Optional<String> still = models.align(plan);
      if (still.equals(missing)) {
        throw new MlflowException(
            "",
            "%s has no version any more with the tag %s=%s: register it there anew, or move the alias"
                .formatted(plan.model(), MlflowNames.VERSION, missing.get()));
      }
      missing = still;
    }
    return missing.isPresent() // it is about to be registered
        ? Optional.empty()
        : Optional.of(told(plan));
  }

  private static Told told(AliasPlan plan) {
    return new Told(Reason.TRACKED, plan.statement());
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
