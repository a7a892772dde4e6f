package dev.modelweir.operator.trainingjob.state;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
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

  /** Since when. */
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

  /** Whether somebody asked for its deletion while its program ran. */
  private static boolean wasDeleted(Pod pod) {
    String deletion = pod.getMetadata().getDeletionTimestamp();
    if (deletion == null) {
      return false;
    }
    Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
    Duration before = grace == null || grace == 0 ? CLEARING_AWAY : Duration.ofSeconds(grace);
    Instant asked = Instant.parse(deletion).minus(before);
    return Workers.end(pod)
        .map(ContainerStateTerminated::getFinishedAt)
        .map(finished -> !Instant.parse(finished).isBefore(asked))
        .orElse(true);
  }
}
