package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.TrafficTarget;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Optional;

/**
 * How far the cluster has come towards a plan.
 *
 * @param wanted pods wanted of the current revision
 * @param ready pods of the current revision that are ready
 * @param existing pods of all revisions
 * @param traffic which revision answers
 */
public record Progress(int wanted, int ready, int existing, List<TrafficTarget> traffic) {

  public static Progress of(InferenceService isvc, Plan plan, Observation seen) {
    int existing =
        seen.deployments().stream()
            .map(Deployment::getStatus)
            .flatMap(status -> Optional.ofNullable(status).stream())
            .map(DeploymentStatus::getReplicas)
            .mapToInt(replicas -> replicas == null ? 0 : replicas)
            .sum();
    String answering = plan.answering();
    String model =
        answering.equals(plan.revision())
            ? Workload.modelOf(isvc)
            : seen.deployment(answering)
                .map(old -> old.getMetadata().getAnnotations().get(Workload.MODEL_ANNOTATION))
                .orElse("");
    return new Progress(
        Workload.replicas(isvc),
        Traffic.readyReplicas(seen, plan.revision()),
        existing,
        List.of(new TrafficTarget(answering, 100, model, Traffic.readyReplicas(seen, answering))));
  }

  /** The model the spec asks for. */
  public static String model(InferenceService isvc) {
    return Workload.modelOf(isvc);
  }
}
