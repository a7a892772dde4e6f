package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.Accelerator;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.SchedulingBackend;
import dev.modelweir.api.v1alpha1.SchedulingSpec;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.accelerator.Feasibility;
import dev.modelweir.operator.accelerator.NodeFacts;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.pod.UserSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API server let pass and yet no attempt can be made of. */
final class Obstacle {

  private Obstacle() {}

  /**
   * @param kueueServed whether the cluster has Kueue
   * @param templateMissing whether there is no such ResourceClaimTemplate as the job names
   * @param nodes what all nodes say of their devices; none when that is not known
   */
  static Optional<Refusal> in(
      TrainingJob job, boolean kueueServed, boolean templateMissing, List<NodeFacts> nodes) {
    return affinity(job)
        .or(() -> backend(job, kueueServed))
        .or(() -> accelerator(job, templateMissing, nodes));
  }

  private static Optional<Refusal> affinity(TrainingJob job) {
    return UserSettings.mistakeInAffinity(WorkerPod.user(job))
        .map(place ->
            new Refusal(
                Reason.INVALID_SPEC,
                "`template.podTemplate.affinity%s` has not the shape it has in a Kubernetes pod: give it as `kubectl explain pod.spec.affinity` says, in a TrainingJob of its own"
                    .formatted(place)));
  }

  private static Optional<Refusal> backend(TrainingJob job, boolean kueueServed) {
    SchedulingSpec scheduling = job.getSpec().scheduling();
    return scheduling != null && scheduling.backend() == SchedulingBackend.KUEUE && !kueueServed
        ? Optional.of(
            new Refusal(
                Reason.BACKEND_MISSING,
                "`scheduling.backend` is Kueue, which this cluster does not have: install it, or use `Builtin` in a TrainingJob of its own"))
        : Optional.empty();
  }

  private static Optional<Refusal> accelerator(
      TrainingJob job, boolean templateMissing, List<NodeFacts> nodes) {
    Accelerator wanted = job.getSpec().template().accelerator();
    if (wanted == null) {
      return Optional.empty();
    }
    Optional<String> contradiction = Feasibility.contradiction(wanted);
    if (contradiction.isPresent()) {
      return contradiction.map(said -> new Refusal(Reason.INVALID_SPEC, said));
    }
    if (templateMissing) {
      return Optional.of(
          new Refusal(
              Reason.IMPOSSIBLE_ACCELERATOR,
              Feasibility.templateMissing(wanted, job.getMetadata().getNamespace())));
    }
    Map<String, String> selector = WorkerPod.user(job).nodeSelector();
    return Feasibility.obstacle(wanted, selector == null ? Map.of() : selector, nodes)
        .map(said -> new Refusal(Reason.IMPOSSIBLE_ACCELERATOR, said));
  }
}
