package dev.modelweir.operator.trainingjob.state;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Reads the pod of one worker. */
final class Workers {

  // A pod of a node that is gone stays for ever; its grace period is over when this begins.
  static final Duration LOST_AFTER = Duration.ofSeconds(60);

  private Workers() {}

  /**
   * When its program started, also when it has ended since. Of one that could not be started, the
   * kubelet says the year 1970.
   */
  static Optional<Instant> startedAt(Pod pod) {
    return state(pod)
        .map(state ->
            state.getRunning() != null
                ? state.getRunning().getStartedAt()
                : state.getTerminated() == null ? null : state.getTerminated().getStartedAt())
        .map(Instant::parse)
        .filter(Instant.EPOCH::isBefore);
  }

  /** How its program ended, if it has. */
  static Optional<ContainerStateTerminated> end(Pod pod) {
    return state(pod).map(ContainerState::getTerminated);
  }

  static Optional<Integer> exitCode(Pod pod) {
    return end(pod).map(ContainerStateTerminated::getExitCode);
  }

  /** When its program ended, if that is known. */
  static Optional<Instant> endedAt(Pod pod) {
    return end(pod).map(ContainerStateTerminated::getFinishedAt).map(Instant::parse);
  }

  static boolean isRunning(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && state(pod).filter(state -> state.getRunning() != null).isPresent();
  }

  static boolean hasEnded(Pod pod) {
    return hasFailed(pod) || hasSucceeded(pod);
  }

  static boolean hasSucceeded(Pod pod) {
    return "Succeeded".equals(phase(pod));
  }

  static boolean hasFailed(Pod pod) {
    return "Failed".equals(phase(pod));
  }

  /**
   * Whether it may still compute and write. One that should have ended a minute ago is taken for
   * lost with its node, which is all that can be known of it.
   */
  static boolean isAlive(Pod pod, Instant now) {
    String deletion = pod.getMetadata().getDeletionTimestamp();
    boolean lost = deletion != null && Instant.parse(deletion).plus(LOST_AFTER).isBefore(now);
    return !hasEnded(pod) && !lost;
  }

  private static String phase(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getPhase() == null
        ? ""
        : pod.getStatus().getPhase();
  }

  private static Optional<ContainerState> state(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .filter(status -> Attempt.CONTAINER.equals(status.getName()))
            .map(ContainerStatus::getState)
            .filter(Objects::nonNull)
            .findFirst();
  }
}
