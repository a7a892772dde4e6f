package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.api.v1alpha1.PodTemplate;
import dev.modelweir.api.v1alpha1.RuntimeSpec;
import dev.modelweir.operator.accelerator.Devices;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.pod.ContainerResources;
import dev.modelweir.operator.pod.ExtraVolumes;
import dev.modelweir.operator.pod.NodePlacement;
import dev.modelweir.operator.pod.RestrictedPod;
import dev.modelweir.operator.pod.UserSettings;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pod of a revision: Pod Security <i>restricted</i>, a read-only root file system, no token,
 * and spread over nodes and zones.
 */
final class ServingPod {

  static final long GRACE_SECONDS = 60;

  private ServingPod() {}

  static PodTemplateSpec template(
      InferenceService isvc, String revision, Settings settings, String runtimeImage) {
    PodTemplate user = userTemplate(isvc);
    ModelMount model = ModelMount.of(isvc, settings, runtimeImage);
    List<Volume> volumes = new ArrayList<>(model.volumes());
    volumes.add(RestrictedPod.tmpVolume());
    volumes.addAll(ExtraVolumes.volumes(user.volumes()));
    Optional<Devices> devices = devices(isvc);
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(UserSettings.labels(user, Names.revisionLabels(isvc, revision)))
        .withAnnotations(user.annotations())
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(
            user.serviceAccountName() == null
                ? Companions.accountName(isvc)
                : user.serviceAccountName())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(GRACE_SECONDS)
        .withSecurityContext(RestrictedPod.pod(runsAs(isvc)))
        .withNodeSelector(user.nodeSelector())
        .withTolerations(tolerations(user, devices))
        .withAffinity(affinity(isvc, revision, user, devices))
        .withResourceClaims(devices.map(Devices::podClaims).orElse(List.of()))
        .withImagePullSecrets(UserSettings.pullSecretReferences(user))
        .withTopologySpreadConstraints(
            new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(Names.selector(isvc, revision))
                .endLabelSelector()
                .build())
        .withInitContainers(ContainerResources.boundedAs(Resources.ofServer(isvc), model.fetch()))
        .withContainers(ServingContainer.of(isvc, user, model, runtimeImage))
        .withVolumes(volumes)
        .endSpec()
        .build();
  }

  static PodTemplate userTemplate(InferenceService isvc) {
    var runtime = isvc.getSpec().runtime();
    return UserSettings.orNothing(runtime == null ? null : runtime.podTemplate());
  }

  /** What the accelerator of the service means for each pod. */
  static Optional<Devices> devices(InferenceService isvc) {
    return Optional.ofNullable(isvc.getSpec().runtime())
        .map(RuntimeSpec::accelerator)
        .map(Devices::of);
  }

  private static List<Toleration> tolerations(PodTemplate user, Optional<Devices> devices) {
    List<Toleration> tolerations = new ArrayList<>(UserSettings.tolerations(user));
    devices.map(Devices::toleration).ifPresent(tolerations::add);
    return tolerations;
  }

  // A custom image brings its own user.
  private static @Nullable Long runsAs(InferenceService isvc) {
    boolean custom = isvc.getSpec().model().format() == ModelFormat.CUSTOM;
    return custom ? null : RestrictedPod.NON_ROOT;
  }

  private static Affinity affinity(
      InferenceService isvc, String revision, PodTemplate user, Optional<Devices> devices) {
    Affinity required =
        NodePlacement.require(
            UserSettings.affinity(user), devices.map(Devices::nodes).orElse(List.of()));
    return NodePlacement.avoid(
        required, "topology.kubernetes.io/zone", Names.selector(isvc, revision));
  }
}
