package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.TrafficTarget;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Optional;

/** Decides which revision answers requests while one takes over from another. */
final class Traffic {

  private Traffic() {}

  /**
   * The revision that should answer now: the current one as soon as it is ready as a whole, or as
   * soon as the old one has nothing left to answer with; until then the one that answers already.
   */
  static String answering(InferenceService isvc, String current, Observation seen) {
    Optional<String> serving = seen.servingRevision().or(() -> reported(isvc, seen));
    if (serving.isEmpty() || serving.get().equals(current)) {
      return current;
    }
    int wanted = Workload.replicas(isvc);
    boolean currentReady = wanted == 0 || readyReplicas(seen, current) >= wanted;
    boolean oldIsGone = readyReplicas(seen, serving.get()) == 0;
    return currentReady || oldIsGone ? current : serving.get();
  }

  /**
   * What the status says of a Service that somebody has deleted: requests go on where they went.
   */
  private static Optional<String> reported(InferenceService isvc, Observation seen) {
    var status = isvc.getStatus();
    return status == null || status.traffic() == null
        ? Optional.empty()
        : status.traffic().stream()
            .map(TrafficTarget::revision)
            .filter(revision -> revision != null && seen.deployment(revision).isPresent())
            .findFirst();
  }

  static int readyReplicas(Observation seen, String revision) {
    return seen.deployment(revision)
        .map(Deployment::getStatus)
        .map(DeploymentStatus::getReadyReplicas)
        .orElse(0);
  }
}
