package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.plan.Settings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Thinks out what an InferenceService should look like in the cluster. */
public final class Planner {

  private final Settings settings;

  public Planner(Settings settings) {
    this.settings = settings;
  }

  public Plan plan(InferenceService isvc, Observation seen) {
    return switch (ResolvedModel.of(isvc, seen.registered())) {
      case ResolvedModel.Missing missing -> nothing(isvc, Optional.empty(), seen, missing.why());
      case ResolvedModel.Found found ->
          Obstacle.in(found.service())
              .map(obstacle -> nothing(found.service(), found.version(), seen, obstacle))
              .orElseGet(() -> plan(found.service(), found.version(), seen));
    };
  }

  /** What runs is left as it is. */
  private static Plan nothing(
      InferenceService isvc, Optional<String> version, Observation seen, Refusal why) {
    String revision = Revision.name(isvc);
    return new Plan(
        isvc,
        version,
        revision,
        seen.servingRevision().orElse(revision),
        List.of(),
        List.of(),
        List.of(why));
  }

  private Plan plan(InferenceService isvc, Optional<String> version, Observation seen) {
    String revision = Revision.name(isvc);
    String answering = Traffic.answering(isvc, revision, seen);

    List<HasMetadata> desired = new ArrayList<>();
    desired.add(Companions.account(isvc));
    desired.add(Companions.networkPolicy(isvc, settings));
    desired.add(Companions.service(isvc, answering));
    if (Workload.replicas(isvc) > 1) {
      desired.add(Companions.disruptionBudget(isvc));
    }
    desired.add(Workload.deployment(isvc, version, revision, seen, settings));

    List<HasMetadata> obsolete = new ArrayList<>();
    obsolete.addAll(oldRevisions(revision, answering, seen));
    if (Workload.replicas(isvc) <= 1) {
      obsolete.addAll(seen.ofType(PodDisruptionBudget.class));
    }
    return new Plan(isvc, version, revision, answering, desired, obsolete, List.of());
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
