package dev.modelweir.operator.inferenceservice.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.LocalReference;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.api.v1alpha1.PodTemplate;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pod of a revision: Pod Security <i>restricted</i>, a read-only root file system, no token,
 * and spread over nodes and zones.
 */
final class ServingPod {

  static final long GRACE_SECONDS = 60;
  private static final long NON_ROOT = 1001;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PodTemplate NOTHING_SET =
      new PodTemplate(null, null, null, null, null, null, null, null, null);

  private ServingPod() {}

  static PodTemplateSpec template(
      InferenceService isvc, String revision, Settings settings, String runtimeImage) {
    PodTemplate user = userTemplate(isvc);
    ModelMount model = ModelMount.of(isvc, settings, runtimeImage);
    List<Volume> volumes = new ArrayList<>(model.volumes());
    volumes.add(tmpVolume());
    volumes.addAll(ExtraVolumes.volumes(user.volumes()));
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels(isvc, revision, user))
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
        .withSecurityContext(restrictedPod(isvc))
        .withNodeSelector(user.nodeSelector())
        .withTolerations(tolerations(user))
        .withAffinity(affinity(user))
        .withImagePullSecrets(
            imagePullSecrets(isvc).stream()
                .map(secret -> new LocalObjectReference(secret.name()))
                .toList())
        .withTopologySpreadConstraints(
            spread("kubernetes.io/hostname", isvc, revision),
            spread("topology.kubernetes.io/zone", isvc, revision))
        .withInitContainers(model.fetch())
        .withContainers(ServingContainer.of(isvc, user, model, runtimeImage))
        .withVolumes(volumes)
        .endSpec()
        .build();
  }

  static PodTemplate userTemplate(InferenceService isvc) {
    var runtime = isvc.getSpec().runtime();
    return runtime == null || runtime.podTemplate() == null ? NOTHING_SET : runtime.podTemplate();
  }

  static List<LocalReference> imagePullSecrets(InferenceService isvc) {
    List<LocalReference> secrets = userTemplate(isvc).imagePullSecrets();
    return secrets == null ? List.of() : secrets;
  }

  static SecurityContext restrictedContainer() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  static VolumeMount tmpMount() {
    return new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build();
  }

  private static Volume tmpVolume() {
    return new VolumeBuilder()
        .withName("tmp")
        .withNewEmptyDir()
        .withSizeLimit(new Quantity("256Mi"))
        .endEmptyDir()
        .build();
  }

  // A custom image brings its own user; the kubelet refuses to start it as root.
  private static PodSecurityContext restrictedPod(InferenceService isvc) {
    boolean custom = isvc.getSpec().model().format() == ModelFormat.CUSTOM;
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(custom ? null : NON_ROOT)
        .withFsGroup(NON_ROOT)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  private static Map<String, String> labels(
      InferenceService isvc, String revision, PodTemplate user) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (user.labels() != null) {
      labels.putAll(user.labels());
    }
    labels.putAll(Names.revisionLabels(isvc, revision));
    return labels;
  }

  private static List<Toleration> tolerations(PodTemplate user) {
    return user.tolerations() == null
        ? List.of()
        : user.tolerations().stream()
            .map(t ->
                new Toleration(t.effect(), t.key(), t.operator(), t.tolerationSeconds(), t.value()))
            .toList();
  }

  /**
   * @throws IllegalArgumentException when it has not the shape of a pod's affinity
   */
  static @Nullable Affinity affinity(PodTemplate user) {
    return user.affinity() == null ? null : JSON.convertValue(user.affinity(), Affinity.class);
  }

  private static TopologySpreadConstraint spread(
      String topologyKey, InferenceService isvc, String revision) {
    return new TopologySpreadConstraintBuilder()
        .withMaxSkew(1)
        .withTopologyKey(topologyKey)
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withNewLabelSelector()
        .withMatchLabels(Names.selector(isvc, revision))
        .endLabelSelector()
        .build();
  }
}
