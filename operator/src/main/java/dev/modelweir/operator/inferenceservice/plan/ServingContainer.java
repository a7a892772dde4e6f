package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.Batching;
import dev.modelweir.api.v1alpha1.CustomContainer;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.PodTemplate;
import dev.modelweir.api.v1alpha1.Probes;
import dev.modelweir.operator.pod.Environment;
import dev.modelweir.operator.pod.ExtraVolumes;
import dev.modelweir.operator.pod.RestrictedPod;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The container that answers inferences: the bundled runtime, or the user's own. */
final class ServingContainer {

  static final int HTTP = 8080;
  static final int METRICS = 9090;

  // Time for every proxy to learn that the pod is leaving, before it stops taking requests.
  private static final long DRAIN_SECONDS = 5;
  private static final int STARTUP_SECONDS = 600;
  private static final String READY = "/v2/health/ready";
  private static final String LIVE = "/v2/health/live";

  private ServingContainer() {}

  static Container of(
      InferenceService isvc, PodTemplate user, ModelMount model, String runtimeImage) {
    var runtime = isvc.getSpec().runtime();
    CustomContainer custom = runtime == null ? null : runtime.container();
    ContainerBuilder builder =
        custom == null ? bundled(isvc, model, runtimeImage) : custom(custom, model);
    List<VolumeMount> mounts = new ArrayList<>(model.mounts());
    mounts.add(RestrictedPod.tmpMount());
    mounts.addAll(ExtraVolumes.mounts(user.volumes()));
    List<EnvVar> env = new ArrayList<>(builder.buildEnv());
    env.addAll(Environment.of(user.env()));
    return builder
        .withName(Names.CONTAINER)
        .withEnv(Environment.distinct(env))
        .withResources(resources(isvc))
        .withVolumeMounts(mounts)
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(RestrictedPod.container())
        .withNewLifecycle()
        .withNewPreStop()
        .withNewSleep()
        .withSeconds(DRAIN_SECONDS)
        .endSleep()
        .endPreStop()
        .endLifecycle()
        .build();
  }

  private static ResourceRequirements resources(InferenceService isvc) {
    ResourceRequirements resources = Resources.ofServer(isvc);
    return ServingPod.devices(isvc).map(devices -> devices.addTo(resources)).orElse(resources);
  }

  private static ContainerBuilder bundled(
      InferenceService isvc, ModelMount model, String runtimeImage) {
    List<EnvVar> env = new ArrayList<>();
    env.add(Environment.value("MODELWEIR_MODEL_NAME", isvc.getMetadata().getName()));
    env.addAll(model.env());
    var runtime = isvc.getSpec().runtime();
    if (runtime != null && runtime.batching() != null) {
      env.addAll(batching(runtime.batching()));
    }
    env.add(Environment.value("ORT_DISABLE_TELEMETRY", "1"));
    return new ContainerBuilder()
        .withImage(runtimeImage)
        .withEnv(env)
        .addNewPort()
        .withName(Names.HTTP_PORT)
        .withContainerPort(HTTP)
        .withProtocol("TCP")
        .endPort()
        .addNewPort()
        .withName(Names.METRICS_PORT)
        .withContainerPort(METRICS)
        .withProtocol("TCP")
        .endPort()
        .withStartupProbe(probe(READY, 1, STARTUP_SECONDS))
        .withReadinessProbe(probe(READY, 5, 2))
        .withLivenessProbe(probe(LIVE, 10, 3));
  }

  /** What is left open is left to the runtime, whose default may change with its version. */
  private static List<EnvVar> batching(Batching batching) {
    List<EnvVar> env = new ArrayList<>();
    setting(env, "MODELWEIR_MAX_BATCH_SIZE", batching.maxBatchSize(), "");
    setting(env, "MODELWEIR_MAX_DELAY", batching.maxDelayMillis(), "ms");
    setting(env, "MODELWEIR_QUEUE_SIZE", batching.maxQueueSize(), "");
    setting(env, "MODELWEIR_TIMEOUT", batching.timeoutMillis(), "ms");
    return env;
  }

  private static void setting(List<EnvVar> env, String name, @Nullable Integer value, String unit) {
    if (value != null) {
      env.add(Environment.value(name, value + unit));
    }
  }

  private static ContainerBuilder custom(CustomContainer custom, ModelMount model) {
    Probes probes = custom.probes() == null ? new Probes(null, null, null) : custom.probes();
    String ready = probes.readinessPath() == null ? READY : probes.readinessPath();
    int startup = probes.startupSeconds() == null ? STARTUP_SECONDS : probes.startupSeconds();
    List<EnvVar> env = new ArrayList<>(Environment.of(custom.env()));
    env.addAll(model.env());
    return new ContainerBuilder()
        .withImage(custom.image())
        .withCommand(custom.command() == null ? List.of() : custom.command())
        .withArgs(custom.args() == null ? List.of() : custom.args())
        .withEnv(env)
        .addNewPort()
        .withName(Names.HTTP_PORT)
        .withContainerPort(custom.port() == null ? HTTP : custom.port())
        .withProtocol("TCP")
        .endPort()
        .withStartupProbe(probe(ready, 1, startup))
        .withReadinessProbe(probe(ready, 5, 2))
        .withLivenessProbe(liveness(probes.livenessPath()));
  }

  private static @Nullable Probe liveness(@Nullable String path) {
    return path == null ? null : probe(path, 10, 3);
  }

  private static Probe probe(String path, int periodSeconds, int failureThreshold) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString(Names.HTTP_PORT))
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(2)
        .withFailureThreshold(failureThreshold)
        .build();
  }
}
