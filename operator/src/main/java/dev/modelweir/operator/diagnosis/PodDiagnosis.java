package dev.modelweir.operator.diagnosis;

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
public final class PodDiagnosis {

  private PodDiagnosis() {}

  /**
   * The finding for a pod, or nothing when the pod is ready.
   *
   * @param warning the pod's latest warning event, if it has hung while starting
   */
  public static Optional<Finding> of(
      PodSubject subject, Pod pod, @Nullable String warning, Instant now) {
    if (isReady(pod)) {
      return Optional.empty();
    }
    if ("Failed".equals(pod.getStatus().getPhase())) {
      return Optional.of(failed(subject, pod, now));
    }
    Optional<Finding> unscheduled = unscheduled(subject, pod);
    if (unscheduled.isPresent()) {
      return unscheduled;
    }
    return ofContainers(subject, pod, now)
        .or(() -> Optional.of(warning == null ? starting(pod) : hanging(subject, pod, warning)));
  }

  private static Optional<Finding> ofContainers(PodSubject subject, Pod pod, Instant now) {
    return containers(pod)
        .flatMap(status -> new ContainerDiagnosis(subject, pod, status, now).finding().stream())
        .findFirst();
  }

  /**
   * Whether a registry has answered that the pod cannot have one of its images, which it would say
   * again; one that does not answer may do so any moment.
   */
  public static boolean hasRefusedImage(Pod pod) {
    return pod.getStatus() != null
        && containers(pod).anyMatch(status -> ImageDiagnosis.isRefused(pod, status));
  }

  public static boolean isReady(Pod pod) {
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
  private static Finding hanging(PodSubject subject, Pod pod, String warning) {
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
          "pod %s cannot mount a volume: %s; create what is mounted, or correct %s"
              .formatted(name, warning, subject.mountedFrom()),
          pod);
    }
    return Finding.of(Reason.STARTING, "pod %s is being started: %s".formatted(name, warning), pod);
  }

  /** A pod that the kubelet ended as a whole, such as by eviction, or that was to run only once. */
  private static Finding failed(PodSubject subject, Pod pod, Instant now) {
    String said = pod.getStatus().getMessage() == null ? "" : pod.getStatus().getMessage();
    String name = pod.getMetadata().getName();
    if (said.contains("ephemeral") || said.contains("emptyDir") || said.contains("EmptyDir")) {
      return Finding.of(
          Reason.DISK_FULL,
          "pod %s was evicted: %s; raise `%s.resources.limits.ephemeral-storage` above the size of what is stored"
              .formatted(name, said, subject.settings()),
          pod);
    }
    if (said.contains("memory")) {
      return Finding.of(
          Reason.OUT_OF_MEMORY,
          "pod %s was evicted: %s; raise `%s.resources.requests.memory`"
              .formatted(name, said, subject.settings()),
          pod);
    }
    Optional<Finding> container =
        pod.getStatus().getReason() == null ? ofContainers(subject, pod, now) : Optional.empty();
    return container.orElseGet(() -> replaced(pod, said));
  }

  private static Finding replaced(Pod pod, String said) {
    String name = pod.getMetadata().getName();
    return Finding.of(
        Reason.STARTING, "pod %s ended and is being replaced: %s".formatted(name, said), pod);
  }

  private static Optional<Finding> unscheduled(PodSubject subject, Pod pod) {
    return condition(pod, "PodScheduled")
        .filter(c -> "False".equals(c.getStatus()) && c.getMessage() != null)
        .map(c -> unscheduled(subject, pod, c.getMessage()));
  }

  private static Finding unscheduled(PodSubject subject, Pod pod, String said) {
    String name = pod.getMetadata().getName();
    Optional<PodSubject.Source> claim = subject.claim();
    if (said.contains("persistentvolumeclaim") && claim.isPresent()) {
      return Finding.of(
          claim.get().missing(),
          "pod %s cannot mount the %s: %s; create the claim, or correct `%s`"
              .formatted(name, claim.get().noun(), said, claim.get().uriField()),
          pod);
    }
    if (said.contains("cannot allocate all claims")) {
      return Finding.of(
          Reason.UNSCHEDULABLE,
          "no node has the devices left that the claim of pod %s asks for: %s; free such devices, ask for others in the ResourceClaimTemplate, or add a node"
              .formatted(name, said),
          pod);
    }
    if (said.contains("unbound immediate PersistentVolumeClaims")) {
      return Finding.of(
          Reason.UNSCHEDULABLE,
          "a claim of pod %s has no volume: %s; see `kubectl get pvc -n %s`: it needs a StorageClass that makes volumes, or a volume that fits it"
              .formatted(name, said, pod.getMetadata().getNamespace()),
          pod);
    }
    List<String> missing = MissingResources.in(said);
    String lead =
        missing.isEmpty()
            ? "no node can take pod %s".formatted(name)
            : "no node has enough %s for pod %s".formatted(String.join(" and ", missing), name);
    return Finding.of(
        Reason.UNSCHEDULABLE,
        "%s: %s; lower `%s.resources`, change the node settings of `%s.podTemplate`, or add a node"
            .formatted(lead, said, subject.settings(), subject.settings()),
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
