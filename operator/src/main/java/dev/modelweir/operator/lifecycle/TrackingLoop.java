package dev.modelweir.operator.lifecycle;

import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.OperatorConfig;
import dev.modelweir.operator.mlflow.AliasReconciler;
import dev.modelweir.operator.mlflow.Mlflow;
import dev.modelweir.operator.mlflow.RunReconciler;
import dev.modelweir.operator.mlflow.VersionReconciler;
import dev.modelweir.operator.mlflow.plan.AllowedModels;
import dev.modelweir.operator.registry.RegistryIndex;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * The reconcilers that tell an MLflow server. They have threads of their own, which may wait for
 * that server as long as they like: nothing else waits for them.
 */
final class TrackingLoop implements AutoCloseable {

  private static final int THREADS = 2;
  private static final String NAMESPACE_OF_EVERY_CLUSTER = "kube-system";
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(1);

  private final OperatorConfig config;
  private final Mlflow mlflow;
  private final Operator operator;

  /**
   * @param allowed which registered models may be followed
   * @throws IllegalArgumentException when the address can be none of a server
   */
  TrackingLoop(OperatorConfig config, URI url, AllowedModels allowed, KubernetesClient client) {
    this.config = config;
    this.mlflow =
        Mlflow.at(
            url,
            config.mlflow().token(),
            config.mlflow().owner().orElseGet(() -> identity(client)));
    this.operator =
        new Operator(overrides ->
            overrides
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withConcurrentReconciliationThreads(THREADS)
                .withReconciliationTerminationTimeout(TIME_TO_FINISH));
    Clock clock = Clock.systemUTC();
    String instance = config.instance();
    operator.register(
        new RunReconciler(mlflow, client, instance, clock),
        (ControllerConfigurationOverrider<TrainingJob> overrides) ->
            common("mlflow-trainingjob", overrides)
                .withGenerationAware(false)
                .withTriggerReconcilerOnAllEvents(true)
                .withOnUpdateFilter(RunReconciler::matters));
    operator.register(
        new VersionReconciler(mlflow, client, instance, clock),
        (ControllerConfigurationOverrider<ModelVersion> overrides) ->
            common("mlflow-modelversion", overrides).withTriggerReconcilerOnAllEvents(true));
    operator.register(
        new AliasReconciler(mlflow, allowed, client, instance, clock),
        (ControllerConfigurationOverrider<Model> overrides) ->
            common("mlflow-model", overrides)
                .withGenerationAware(false)
                .withOnUpdateFilter(RegistryIndex::aliasesDiffer));
  }

  /** What a cluster keeps for as long as it exists. */
  private static String identity(KubernetesClient client) {
    Namespace system = client.namespaces().withName(NAMESPACE_OF_EVERY_CLUSTER).get();
    if (system == null) {
      throw new IllegalStateException(
          "there is no namespace %s to tell this cluster from others that write to MLflow: set MODELWEIR_MLFLOW_OWNER"
              .formatted(NAMESPACE_OF_EVERY_CLUSTER));
    }
    return system.getMetadata().getUid();
  }

  void start() {
    operator.start();
  }

  @Override
  public void close() {
    mlflow.close();
    operator.stop();
  }

  private <T extends HasMetadata> ControllerConfigurationOverrider<T> common(
      String name, ControllerConfigurationOverrider<T> overrides) {
    return overrides
        .withName(name)
        .settingNamespaces(config.watchNamespaces().orElse(Set.of()))
        .withRetry(new PatientRetry());
  }
}
