package dev.modelweir.operator.trainingjob.state;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Whether a pod was ended from outside, which is no fault of the program in it. */
final class Disruption {

  /** What the kubelet, the scheduler and the node controller write into a pod that they end. */
  private static final Set<String> FROM_OUTSIDE =
      Set.of(
          "Evicted",
          "Preempting",
          "NodeLost",
          "Shutdown",
          "NodeShutdown",
          "UnexpectedAdmissionError");

  // Once a deleted pod has ended, its deletion bears the time at which the kubelet noticed that and
  // a grace period of 0. Nobody tidies a failed pod away before it has been looked at.
  private static final Duration CLEARING_AWAY = Duration.ofSeconds(30);

  private Disruption() {}

  /** Why the pod was ended from outside, in words; absent when it was not. */
  static Optional<String> of(Pod pod) {
    Optional<String> told = announced(pod);
    if (told.isPresent()) {
      return told;
    }
    String reason = Objects.toString(pod.getStatus().getReason(), "");
    if (FROM_OUTSIDE.contains(reason)) {
      String said = Objects.toString(pod.getStatus().getMessage(), "");
      // More disk than the pod's own limit is its own doing, and would be so again.
      boolean ownLimit = reason.equals("Evicted") && said.contains("exceeds the");
      return ownLimit ? Optional.empty() : Optional.of(reason + ": " + said);
    }
    return wasDeleted(pod) ? Optional.of("the pod was deleted") : Optional.empty();
  }

  /** Why Kubernetes itself is taking the pod away. */
  static Optional<String> announced(Pod pod) {
    return announcement(pod)
        .map(condition -> condition.getReason() + ": " + condition.getMessage());
  }

  /** Since when Kubernetes itself is taking the pod away. */
  static Optional<Instant> announcedAt(Pod pod) {
    return announcement(pod).map(PodCondition::getLastTransitionTime).map(Instant::parse);
  }

  private static Optional<PodCondition> announcement(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(condition -> "DisruptionTarget".equals(condition.getType()))
            .filter(condition -> "True".equals(condition.getStatus()))
            .findFirst();
  }

  /**
   * When somebody asked for the deletion of the pod while its program ran, or the end of its
   * program where the kubelet has overwritten that; it was asked for before.
   */
  static Optional<Instant> deletedAt(Pod pod) {
    if (!wasDeleted(pod)) {
      return Optional.empty();
    }
    return isClearedAway(pod)
        ? Workers.endedAt(pod)
        : Optional.of(Instant.parse(pod.getMetadata().getDeletionTimestamp()).minus(grace(pod)));
  }

  /** Whether somebody asked for its deletion while its program ran. */
  private static boolean wasDeleted(Pod pod) {
    String deletion = pod.getMetadata().getDeletionTimestamp();
    if (deletion == null) {
      return false;
    }
    Duration before = isClearedAway(pod) ? CLEARING_AWAY : grace(pod);
    Instant asked = Instant.parse(deletion).minus(before);
    return Workers.endedAt(pod).map(ended -> !ended.isBefore(asked)).orElse(true);
  }

  private static boolean isClearedAway(Pod pod) {
    return grace(pod).isZero();
  }

  private static Duration grace(Pod pod) {
    Long seconds = pod.getMetadata().getDeletionGracePeriodSeconds();
    return seconds == null ? Duration.ZERO : Duration.ofSeconds(seconds);
  }
}
