package dev.modelweir.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads why a pod hangs before its first container starts: a missing Secret or volume shows in the
 * pod's events and nowhere else. Events are not watched, because a cluster has too many of them;
 * they are asked for only when a pod has hung for a few seconds.
 */
public final class PodWarnings {

  private static final Duration HANGING = Duration.ofSeconds(5);
  private static final long MOST_EVENTS = 50;
  // Pods of one owner are alike and hang for the same reasons; of a gang there may be hundreds.
  private static final int MOST_PODS = 5;

  private final KubernetesClient client;
  private final Clock clock;

  public PodWarnings(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** The latest warning about pods that hang, by pod name; of many only the first few are asked. */
  public Map<String, String> of(List<Pod> pods) {
    Map<String, String> warnings = new HashMap<>();
    pods.stream()
        .filter(this::hangs)
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .limit(MOST_PODS)
        .forEach(
            pod -> latest(pod).ifPresent(said -> warnings.put(pod.getMetadata().getName(), said)));
    return warnings;
  }

  private boolean hangs(Pod pod) {
    return "Pending".equals(pod.getStatus().getPhase())
        && pod.getMetadata().getDeletionTimestamp() == null
        && pod.getSpec().getNodeName() != null
        && Instant.parse(pod.getMetadata().getCreationTimestamp())
            .plus(HANGING)
            .isBefore(clock.instant())
        && containers(pod).allMatch(PodWarnings::isBeingCreated);
  }

  private static boolean isBeingCreated(ContainerStatus status) {
    return status.getState() != null
        && status.getState().getWaiting() != null
        && ("ContainerCreating".equals(status.getState().getWaiting().getReason())
            || "PodInitializing".equals(status.getState().getWaiting().getReason()));
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return Stream.concat(
        pod.getStatus().getInitContainerStatuses().stream(),
        pod.getStatus().getContainerStatuses().stream());
  }

  private Optional<String> latest(Pod pod) {
    return client
        .v1()
        .events()
        .inNamespace(pod.getMetadata().getNamespace())
        .withField("involvedObject.uid", pod.getMetadata().getUid())
        .withField("type", "Warning")
        .list(new ListOptionsBuilder().withLimit(MOST_EVENTS).build())
        .getItems()
        .stream()
        .max(Comparator.comparing(PodWarnings::time))
        .map(Event::getMessage);
  }

  private static String time(Event event) {
    return event.getLastTimestamp() == null
        ? event.getMetadata().getCreationTimestamp()
        : event.getLastTimestamp();
  }
}
