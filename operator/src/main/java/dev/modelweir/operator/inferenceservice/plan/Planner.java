package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Thinks out what an InferenceService should look like in the cluster. */
public final class Planner {

  private static final Refusal NOT_UNDERSTOOD =
      new Refusal(
          Reason.INVALID_SPEC,
          "`model.format` has a value that this version of the operator does not know: upgrade the"
              + " operator, or use a format it knows; what runs is left as it is");

  private final Settings settings;

  public Planner(Settings settings) {
    this.settings = settings;
  }

  public Plan plan(InferenceService isvc, Observation seen) {
    String revision = Revision.name(isvc);
    Optional<Refusal> refusal = refusal(isvc);
    if (refusal.isPresent()) {
      return new Plan(
          revision,
          seen.servingRevision().orElse(revision),
          List.of(),
          List.of(),
          List.of(refusal.get()));
    }
    String answering = Traffic.answering(isvc, revision, seen);

    List<HasMetadata> desired = new ArrayList<>();
    desired.add(Companions.account(isvc));
    desired.add(Companions.networkPolicy(isvc, settings));
    desired.add(Companions.service(isvc, answering));
    if (Workload.replicas(isvc) > 1) {
      desired.add(Companions.disruptionBudget(isvc));
    }
    desired.add(Workload.deployment(isvc, revision, seen, settings));

    List<HasMetadata> obsolete = new ArrayList<>();
    obsolete.addAll(oldRevisions(revision, answering, seen));
    if (Workload.replicas(isvc) <= 1) {
      obsolete.addAll(seen.ofType(PodDisruptionBudget.class));
    }
    return new Plan(revision, answering, desired, obsolete, List.of());
  }

  /** What no plan can be made of. */
  private static Optional<Refusal> refusal(InferenceService isvc) {
    if (isFromNewerVersion(isvc)) {
      return Optional.of(NOT_UNDERSTOOD);
    }
    try {
      ServingPod.affinity(ServingPod.userTemplate(isvc));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          new Refusal(
              Reason.INVALID_SPEC,
              "`runtime.podTemplate.affinity` is not the affinity of a Kubernetes pod: correct it; what"
                  + " runs is left as it is. "
                  + e.getMessage()));
    }
  }

  /** A word that a newer API added to an enumeration is read as absent. */
  @SuppressWarnings("NullAway")
  private static boolean isFromNewerVersion(InferenceService isvc) {
    return isvc.getSpec().model().format() == null;
  }

  /**
   * Revisions that are neither current nor answering. One that the Service still points at stays
   * until the Service is seen pointing elsewhere: traffic moves first, pods go later.
   */
  private static List<Deployment> oldRevisions(
      String revision, String answering, Observation seen) {
    return seen.deployments().stream()
        .filter(deployment -> !deployment.getMetadata().getName().equals(revision))
        .filter(deployment -> !deployment.getMetadata().getName().equals(answering))
        .filter(deployment ->
            !seen.servingRevision().equals(Optional.of(deployment.getMetadata().getName())))
        .toList();
  }
}
