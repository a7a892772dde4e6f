package dev.modelweir.operator.inferenceservice.diagnosis;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one pod: why is it not ready? */
final class PodDiagnosis {

  private PodDiagnosis() {}

  /**
   * The finding for a pod, or nothing when the pod is ready.
   *
   * @param warning the pod's latest warning event, if it has hung while starting
   */
  static Optional<Finding> of(
      InferenceService isvc, Pod pod, @Nullable String warning, Instant now) {
    if (isReady(pod)) {
      return Optional.empty();
    }
    if ("Failed".equals(pod.getStatus().getPhase())) {
      return Optional.of(failed(pod));
    }
    Optional<Finding> unscheduled = unscheduled(isvc, pod);
    if (unscheduled.isPresent()) {
      return unscheduled;
    }
    return containers(pod)
        .flatMap(status -> new ContainerDiagnosis(isvc, pod, status, now).finding().stream())
        .findFirst()
        .or(() -> Optional.of(warning == null ? starting(pod) : hanging(pod, warning)));
  }

  static boolean isReady(Pod pod) {
    return condition(pod, "Ready").map(c -> "True".equals(c.getStatus())).orElse(false);
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return Stream.concat(
        pod.getStatus().getInitContainerStatuses().stream(),
        pod.getStatus().getContainerStatuses().stream());
  }

  private static Finding starting(Pod pod) {
    return Finding.of(
        Reason.STARTING, "pod %s is being started".formatted(pod.getMetadata().getName()), pod);
  }

  /** A pod that waits for the kubelet, which says why only in events. */
  private static Finding hanging(Pod pod, String warning) {
    String name = pod.getMetadata().getName();
    if (warning.contains("secret") && warning.contains("not found")) {
      return Finding.of(
          Reason.CREDENTIALS_MISSING,
          "pod %s needs a Secret that does not exist: %s; create it in namespace %s"
              .formatted(name, warning, pod.getMetadata().getNamespace()),
          pod);
    }
    if (warning.contains("volume") || warning.contains("Volume")) {
      return Finding.of(
          Reason.VOLUME_FAILED,
          "pod %s cannot mount a volume: %s; create what is mounted, or correct `model.storageUri` or `runtime.podTemplate.volumes`"
              .formatted(name, warning),
          pod);
    }
    return Finding.of(Reason.STARTING, "pod %s is being started: %s".formatted(name, warning), pod);
  }

  /** A pod that the kubelet ended as a whole, such as by eviction. */
  private static Finding failed(Pod pod) {
    String said = pod.getStatus().getMessage() == null ? "" : pod.getStatus().getMessage();
    String name = pod.getMetadata().getName();
    if (said.contains("ephemeral") || said.contains("emptyDir") || said.contains("EmptyDir")) {
      return Finding.of(
          Reason.DISK_FULL,
          "pod %s was evicted: %s; raise `runtime.resources.limits.ephemeral-storage` above the size of the model"
              .formatted(name, said),
          pod);
    }
    if (said.contains("memory")) {
      return Finding.of(
          Reason.OUT_OF_MEMORY,
          "pod %s was evicted: %s; raise `runtime.resources.requests.memory`".formatted(name, said),
          pod);
    }
    return Finding.of(
        Reason.STARTING, "pod %s ended and is being replaced: %s".formatted(name, said), pod);
  }

  private static Optional<Finding> unscheduled(InferenceService isvc, Pod pod) {
    return condition(pod, "PodScheduled")
        .filter(c -> "False".equals(c.getStatus()) && c.getMessage() != null)
        .map(c -> unscheduled(isvc, pod, c.getMessage()));
  }

  private static Finding unscheduled(InferenceService isvc, Pod pod, String said) {
    String name = pod.getMetadata().getName();
    String uri = isvc.getSpec().model().storageUri();
    if (said.contains("persistentvolumeclaim") && uri != null && uri.startsWith("pvc://")) {
      return Finding.of(
          Reason.MODEL_NOT_FOUND,
          "pod %s cannot mount the model: %s; create the claim, or correct `model.storageUri`"
              .formatted(name, said),
          pod);
    }
    List<String> missing = MissingResources.in(said);
    String lead =
        missing.isEmpty()
            ? "no node can take pod %s".formatted(name)
            : "no node has enough %s for pod %s".formatted(String.join(" and ", missing), name);
    return Finding.of(
        Reason.UNSCHEDULABLE,
        "%s: %s; lower `runtime.resources`, change the node settings of `runtime.podTemplate`, or add a node"
            .formatted(lead, said),
        pod);
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(c -> type.equals(c.getType()))
            .findFirst();
  }
}
