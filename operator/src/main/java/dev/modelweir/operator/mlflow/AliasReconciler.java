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
import dev.modelweir.operator.mlflow.plan.AliasPlan.Target;
import dev.modelweir.operator.mlflow.plan.AllowedModels;
import dev.modelweir.operator.mlflow.plan.MlflowNames;
import dev.modelweir.operator.report.Message;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
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
  private final AllowedModels allowed;
  private final KubernetesClient client;
  private final Tracking tracking;
  private final PartialStatusWriter answers;

  /**
   * @param allowed what may be asked for; of anything else the server is not even asked
   */
  public AliasReconciler(
      Mlflow mlflow, AllowedModels allowed, KubernetesClient client, String instance, Clock clock) {
    this.models = mlflow.models();
    this.allowed = allowed;
    this.client = client;
    this.tracking = new Tracking(client, instance, clock);
    this.answers = new PartialStatusWriter(client, "modelweir-mlflow");
  }

  @Override
  public UpdateControl<Model> reconcile(Model model, Context<Model> context) {
    if (model.getStatus() == null || model.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    String namespace = model.getMetadata().getNamespace();
    Optional<MlflowModel> followed =
        Optional.ofNullable(model.getSpec())
            .map(ModelSpec::mlflow)
            .filter(there -> allowed.allows(namespace, there.registeredModel()));
    if (followed.isEmpty()) {
      answered(model, null);
    }
    List<ModelVersion> versions = versions(AliasPlan.versions(model).values(), namespace);
    AliasPlan plan = AliasPlan.of(model, versions);
    List<Condition> before = model.getStatus().conditions();
    boolean aligned = Tracking.holds(before, Reason.TRACKED) && saysOf(plan, before);
    if (aligned && followed.isEmpty()) {
      return tracking.keep(model, before);
    }
    List<Condition> conditions =
        aligned ? before : tracking.begin(model, before, "is being told: " + plan.statement());
    UpdateControl<Model> done =
        tracking.carryOut(
            model,
            conditions,
            () -> {
              if (followed.isPresent()) {
                answered(model, models.look(followed.get()));
              }
              return aligned ? told(plan) : align(plan, versions);
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

  /**
   * @param versions as they were before the server was asked for them
   */
  private Told align(AliasPlan plan, List<ModelVersion> versions) throws MlflowException {
    Optional<String> missing = models.align(plan);
    if (missing.isEmpty()) {
      return told(plan);
    }
    Target target = Objects.requireNonNull(plan.wanted().get(missing.get()));
    if (target.uid().filter(uid -> wasRegistered(uid, versions)).isPresent()) {
      throw new MlflowException(
          "",
          "%s has no version any more with the tag %s=%s, that of ModelVersion %s: register it there anew, or move the alias"
              .formatted(plan.model(), MlflowNames.UID, target.uid().orElse(""), target.version()));
    }
    return Told.waits(
        target.uid().isPresent()
            ? "alias %s waits until ModelVersion %s is registered in MLflow, see its condition Tracked"
                .formatted(missing.get(), target.version())
            : "alias %s waits, because there is no ModelVersion %s any more"
                .formatted(missing.get(), target.version()));
  }

  private static Told told(AliasPlan plan) {
    return new Told(Reason.TRACKED, plan.statement());
  }

  private static boolean wasRegistered(String uid, List<ModelVersion> versions) {
    return versions.stream()
        .filter(version -> version.getMetadata().getUid().equals(uid))
        .filter(version -> version.getStatus() != null)
        .anyMatch(version -> Tracking.holds(version.getStatus().conditions(), Reason.TRACKED));
  }

  private List<ModelVersion> versions(Collection<String> names, String namespace) {
    return names.stream()
        .distinct()
        .flatMap(name ->
            client
                .resources(ModelVersion.class)
                .inNamespace(namespace)
                .withField("metadata.name", name)
                .list()
                .getItems()
                .stream())
        .toList();
  }

  private static boolean saysOf(AliasPlan plan, @Nullable List<Condition> conditions) {
    return Tracking.said(conditions)
        .filter(condition -> Message.bounded(plan.statement()).equals(condition.message()))
        .isPresent();
  }
}
