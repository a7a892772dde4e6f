package dev.modelweir.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads why a pod hangs before its first container starts, and why a Job has no pods: a missing
 * Secret or volume shows in the events of the pod and nowhere else, and in those of the Job what
 * the API server said when it refused one. Events are not watched, because a cluster has too many
 * of them; they are asked for only when something has hung for a few seconds.
 */
public final class PodWarnings {

  /** The Job controller's word. */
  private static final String POD_REFUSED = "FailedCreate";

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
        .forEach(pod ->
            latest(pod, Map.of(), "")
                .ifPresent(said -> warnings.put(pod.getMetadata().getName(), said)));
    return warnings;
  }

  /** The same, and by its name what the API server last said to a Job that lacks pods. */
  public Map<String, String> of(List<Pod> pods, List<Job> jobs) {
    Map<String, String> warnings = new HashMap<>(of(pods));
    jobs.stream()
        .filter(this::lacksPods)
        .forEach(job ->
            latest(job, Map.of("reason", POD_REFUSED), newest(job, pods))
                .ifPresent(said -> warnings.put(job.getMetadata().getName(), said)));
    return warnings;
  }

  private boolean lacksPods(Job job) {
    JobStatus status = job.getStatus();
    if (status == null
        || status.getStartTime() == null
        || Boolean.TRUE.equals(job.getSpec().getSuspend())
        || status.getConditions().stream().anyMatch(each -> "True".equals(each.getStatus()))) {
      return false;
    }
    int wanted = Objects.requireNonNullElse(job.getSpec().getCompletions(), 1);
    int there =
        Stream.of(status.getActive(), status.getTerminating(), status.getSucceeded())
            .mapToInt(count -> count == null ? 0 : count)
            .sum();
    return there < wanted
        && Instant.parse(status.getStartTime()).plus(HANGING).isBefore(clock.instant());
  }

  /** When the last of its pods was made: what was said before is over. */
  private static String newest(Job job, List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getOwnerReferenceFor(job).isPresent())
        .map(pod -> pod.getMetadata().getCreationTimestamp())
        .max(Comparator.naturalOrder())
        .orElse("");
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

  /**
   * @param since moment from which on an event counts; "" for any
   */
  private Optional<String> latest(HasMetadata object, Map<String, String> fields, String since) {
    return client
        .v1()
        .events()
        .inNamespace(object.getMetadata().getNamespace())
        .withField("involvedObject.uid", object.getMetadata().getUid())
        .withField("type", "Warning")
        .withFields(fields)
        .list(new ListOptionsBuilder().withLimit(MOST_EVENTS).build())
        .getItems()
        .stream()
        .filter(event -> time(event).compareTo(since) >= 0)
        .max(Comparator.comparing(PodWarnings::time))
        .map(Event::getMessage);
  }

  private static String time(Event event) {
    return event.getLastTimestamp() == null
        ? event.getMetadata().getCreationTimestamp()
        : event.getLastTimestamp();
  }
}
