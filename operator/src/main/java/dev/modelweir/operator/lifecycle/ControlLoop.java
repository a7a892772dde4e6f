package dev.modelweir.operator.lifecycle;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.operator.OperatorConfig;
import dev.modelweir.operator.inferenceservice.InferenceServiceReconciler;
import dev.modelweir.operator.metrics.ReconcileMetrics;
import dev.modelweir.operator.metrics.TrainingMetrics;
import dev.modelweir.operator.mlflow.Mlflow;
import dev.modelweir.operator.mlflow.plan.AllowedModels;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.progress.plan.ProgressAddress;
import dev.modelweir.operator.registry.ModelReconciler;
import dev.modelweir.operator.registry.ModelVersionReconciler;
import dev.modelweir.operator.trainingjob.ClusterRoom;
import dev.modelweir.operator.trainingjob.Gatekeeper;
import dev.modelweir.operator.trainingjob.TrainingJobReconciler;
import dev.modelweir.operator.trainingjob.plan.TrainingPlanner;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The running reconcilers of this process: made once it leads, stopped before it leaves. */
@ApplicationScoped
public class ControlLoop {

  private static final int RECONCILE_THREADS = 50;
  // A safety net under the events; spread by the time of each object's last change.
  private static final Duration RESYNC = Duration.ofMinutes(3);
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(1);

  // Set by those reconcilers that hold deletions, and by no other.
  private static final String FINALIZER = Api.GROUP + "/in-use";

  private final OperatorConfig config;
  private final KubernetesClient client;
  private final MeterRegistry registry;
  private final Heartbeat heartbeat;
  private final ProgressAddress progress;
  private volatile @Nullable Operator operator;
  private @Nullable Gatekeeper gatekeeper;
  private @Nullable TrackingLoop tracking;
  private volatile boolean synced;

  public ControlLoop(
      OperatorConfig config,
      KubernetesClient client,
      MeterRegistry registry,
      Heartbeat heartbeat,
      ProgressAddress progress) {
    this.config = config;
    this.client = client;
    this.registry = registry;
    this.heartbeat = heartbeat;
    this.progress = progress;
  }

  /**
   * Looks at what can be said of the configuration without a cluster, so that a mistake ends the
   * process before it leads.
   *
   * @throws IllegalArgumentException when it could not start; the message is for people
   */
  void check() {
    config.mlflow().url().ifPresent(url -> Mlflow.check(url, config.mlflow().token()));
    allowedModels();
  }

  synchronized void start() {
    Operator created =
        new Operator(overrides ->
            overrides
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withConcurrentReconciliationThreads(RECONCILE_THREADS)
                .withReconciliationTerminationTimeout(TIME_TO_FINISH)
                .withMetrics(new ReconcileMetrics(registry)));
    Clock clock = Clock.systemUTC();
    Settings settings = settings();
    register(
        created,
        "inferenceservice",
        new InferenceServiceReconciler(
            client, settings, mayWatchNodes(), config.instance(), clock));
    var trainings = new TrainingMetrics(registry);
    gatekeeper = new Gatekeeper(client, new ClusterRoom(client, mayWatchNodes()), trainings, clock);
    var planner = new TrainingPlanner(settings, progress);
    created.register(
        new TrainingJobReconciler(
            client, planner, gatekeeper, mayWatchNodes(), trainings, config.instance(), clock),
        overrides ->
            // Workers report progress into the status, which has no generation.
            common("trainingjob", overrides)
                .withGenerationAware(false)
                .withOnUpdateFilter(TrainingJobReconciler::matters));
    created.register(
        new ModelReconciler(client, allowedModels(), config.instance(), clock),
        overrides ->
            // What MLflow answers comes into the status, which has no generation.
            common("model", overrides)
                .withGenerationAware(false)
                .withOnUpdateFilter(ModelReconciler::matters));
    register(created, "modelversion", new ModelVersionReconciler(client, config.instance(), clock));
    if (config.leaderElection()) {
      created.register(heartbeat, overrides -> overrides.settingNamespace(config.namespace()));
    }
    operator = created;
    created.start();
    heartbeat.begin();
    synced = true;
    config
        .mlflow()
        .url()
        .ifPresent(url -> {
          tracking = new TrackingLoop(config, url, allowedModels(), client);
          tracking.start();
        });
  }

  synchronized void stop() {
    synced = false;
    if (gatekeeper != null) {
      gatekeeper.close();
      gatekeeper = null;
    }
    if (operator != null) {
      operator.stop();
      operator = null;
    }
    if (tracking != null) {
      tracking.close();
      tracking = null;
    }
  }

  /** Whether this process reconciles, its caches being in step with the API server. */
  boolean running() {
    return synced;
  }

  private void register(Operator created, String name, Reconciler<?> reconciler) {
    created.register(reconciler, overrides -> common(name, overrides));
  }

  private <T extends HasMetadata> ControllerConfigurationOverrider<T> common(
      String name, ControllerConfigurationOverrider<T> overrides) {
    return overrides
        .withName(name)
        .withFinalizer(FINALIZER)
        .settingNamespaces(config.watchNamespaces().orElse(Set.of()))
        .withRetry(new PatientRetry())
        .withReconciliationMaxInterval(RESYNC);
  }

  /** Nodes belong to no namespace, so rights in a few namespaces do not reach them. */
  private boolean mayWatchNodes() {
    return config.watchNamespaces().isEmpty();
  }

  private AllowedModels allowedModels() {
    return AllowedModels.of(config.mlflow().allowedModels().orElse(List.of()));
  }

  private Settings settings() {
    return new Settings(
        config.runtimeImage(),
        ImageVolumes.supported(config.ociMode(), client),
        config.insecureRegistries().orElse(List.of()));
  }
}
