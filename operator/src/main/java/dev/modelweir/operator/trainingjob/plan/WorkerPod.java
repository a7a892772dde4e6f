package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.PodTemplate;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingTemplate;
import dev.modelweir.operator.accelerator.Devices;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.pod.ContainerResources;
import dev.modelweir.operator.pod.Environment;
import dev.modelweir.operator.pod.ExtraVolumes;
import dev.modelweir.operator.pod.NodePlacement;
import dev.modelweir.operator.pod.RestrictedPod;
import dev.modelweir.operator.pod.UserSettings;
import dev.modelweir.operator.progress.plan.ProgressTarget;
import dev.modelweir.operator.progress.plan.ProgressWiring;
import dev.modelweir.operator.trainingjob.state.Attempt;
import dev.modelweir.operator.trainingjob.state.Wishes;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pod of a worker: Pod Security <i>restricted</i>, a read-only root file system, no token but
 * the one to report progress with, and packed beside other training pods.
 */
final class WorkerPod {

  static final String CHECKPOINT_DIR = "/mnt/modelweir/checkpoints";
  static final String OUTPUT_DIR = "/mnt/modelweir/output";

  private static final Map<String, Quantity> DEFAULT_REQUESTS =
      Map.of("cpu", new Quantity("500m"), "memory", new Quantity("512Mi"));
  private static final Map<String, Quantity> DEFAULT_LIMITS = Map.of("memory", new Quantity("2Gi"));

  private WorkerPod() {}

  static PodTemplateSpec template(
      TrainingJob job, int attempt, Settings settings, Optional<ProgressTarget> progress) {
    PodTemplate user = user(job);
    Mounts mounts = new Mounts();
    mounts.add(RestrictedPod.tmpVolume(), RestrictedPod.tmpMount());
    Place.checkpoints(job).ifPresent(place -> mounts.add(place, CHECKPOINT_DIR, false));
    Place.output(job)
        .ifPresentOrElse(
            place -> mounts.add(place, OUTPUT_DIR, false),
            () -> mounts.add(scratch("output", null), mount("output", OUTPUT_DIR)));
    if (Wishes.workers(job) > 1 || Wishes.accelerators(job) > 0) {
      mounts.add(scratch("shared-memory", "Memory"), mount("shared-memory", "/dev/shm"));
    }
    progress.ifPresent(target -> mounts.add(ProgressWiring.volume(), ProgressWiring.mount()));
    Optional<Devices> devices = devices(job);
    List<Container> inputSteps = Inputs.mount(job, settings, mounts);
    ExtraVolumes.volumes(user.volumes()).forEach(mounts::volume);
    ExtraVolumes.mounts(user.volumes()).forEach(mounts::mount);
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(UserSettings.labels(user, TrainingNames.attemptLabels(job, attempt)))
        .withAnnotations(annotations(user, progress))
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withSubdomain(TrainingNames.companions(job))
        .withServiceAccountName(account(job))
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(Wishes.gracePeriod(job).toSeconds())
        .withSecurityContext(RestrictedPod.pod(RestrictedPod.NON_ROOT))
        .withNodeSelector(user.nodeSelector())
        .withTolerations(tolerations(job))
        .withAffinity(affinity(user, devices))
        .withResourceClaims(devices.map(Devices::podClaims).orElse(List.of()))
        .withImagePullSecrets(UserSettings.pullSecretReferences(user))
        .withInitContainers(ContainerResources.boundedAs(resources(job), inputSteps))
        .withContainers(worker(job, attempt, mounts, devices, progress))
        .withVolumes(mounts.volumes())
        .endSpec()
        .build();
  }

  static PodTemplate user(TrainingJob job) {
    return UserSettings.orNothing(job.getSpec().template().podTemplate());
  }

  static String account(TrainingJob job) {
    String own = user(job).serviceAccountName();
    return own == null ? TrainingNames.companions(job) : own;
  }

  static Volume scratch(String name, @Nullable String medium) {
    return new VolumeBuilder()
        .withName(name)
        .withNewEmptyDir()
        .withMedium(medium)
        .endEmptyDir()
        .build();
  }

  static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
  }

  /** What the accelerator of the job means for each worker. */
  private static Optional<Devices> devices(TrainingJob job) {
    return Optional.ofNullable(job.getSpec().template().accelerator()).map(Devices::of);
  }

  /** Those of a worker, without its accelerator. */
  static ResourceRequirements resources(TrainingJob job) {
    return ContainerResources.over(
        DEFAULT_REQUESTS, DEFAULT_LIMITS, job.getSpec().template().resources());
  }

  private static Container worker(
      TrainingJob job,
      int attempt,
      Mounts mounts,
      Optional<Devices> devices,
      Optional<ProgressTarget> progress) {
    TrainingTemplate template = job.getSpec().template();
    ResourceRequirements resources = resources(job);
    List<EnvVar> env = new ArrayList<>(TrainingEnvironment.of(job, attempt));
    progress.ifPresent(target ->
        env.addAll(
            ProgressWiring.environment(
                target, job.getMetadata().getNamespace(), job.getMetadata().getName())));
    env.addAll(Environment.of(template.env()));
    env.addAll(Environment.of(user(job).env()));
    return new ContainerBuilder()
        .withName(Attempt.CONTAINER)
        .withImage(WorkerImage.of(job))
        .withCommand(template.command() == null ? List.of() : template.command())
        .withArgs(template.args() == null ? List.of() : template.args())
        .withEnv(Environment.distinct(env))
        .withResources(devices.map(given -> given.addTo(resources)).orElse(resources))
        .withVolumeMounts(mounts.mounts())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(RestrictedPod.container())
        .addNewPort()
        .withName("master")
        .withContainerPort(TrainingEnvironment.MASTER_PORT)
        .withProtocol("TCP")
        .endPort()
        .build();
  }

  private static Map<String, String> annotations(
      PodTemplate user, Optional<ProgressTarget> progress) {
    Map<String, String> annotations = new TreeMap<>();
    if (user.annotations() != null) {
      annotations.putAll(user.annotations());
    }
    progress.ifPresent(target -> annotations.putAll(ProgressWiring.annotations(target)));
    return annotations;
  }

  static List<Toleration> tolerations(TrainingJob job) {
    List<Toleration> tolerations = new ArrayList<>(UserSettings.tolerations(user(job)));
    devices(job).map(Devices::toleration).ifPresent(tolerations::add);
    return tolerations;
  }

  /** Training packs, so that whole nodes stay free for large gangs. */
  private static Affinity affinity(PodTemplate user, Optional<Devices> devices) {
    return NodePlacement.packWith(
        NodePlacement.require(
            UserSettings.affinity(user), devices.map(Devices::nodes).orElse(List.of())),
        Api.TRAINING_JOB_LABEL);
  }
}
