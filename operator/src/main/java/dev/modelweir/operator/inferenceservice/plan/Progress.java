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

  public static Progress of(Plan plan, Observation seen) {
    InferenceService isvc = plan.service();
    int existing =
        seen.deployments().stream()
            .map(Deployment::getStatus)
            .flatMap(status -> Optional.ofNullable(status).stream())
            .map(DeploymentStatus::getReplicas)
            .mapToInt(replicas -> replicas == null ? 0 : replicas)
            .sum();
    String answering = plan.answering();
    boolean takenOver = answering.equals(plan.revision());
    String model =
        takenOver
            ? Workload.modelOf(isvc)
            : remembered(seen, answering, Workload.MODEL_ANNOTATION).orElse("");
    Optional<String> version =
        takenOver ? plan.version() : remembered(seen, answering, Workload.VERSION_ANNOTATION);
    return new Progress(
        Workload.replicas(isvc),
        Traffic.readyReplicas(seen, plan.revision()),
        existing,
        List.of(
            new TrafficTarget(
                answering,
                100,
                model,
                version.orElse(null),
                Traffic.readyReplicas(seen, answering))));
  }

  /** What the Deployment of an older revision says of itself, after the spec has moved on. */
  private static Optional<String> remembered(Observation seen, String revision, String annotation) {
    return seen.deployment(revision)
        .map(old -> old.getMetadata().getAnnotations())
        .flatMap(annotations -> Optional.ofNullable(annotations.get(annotation)));
  }

  /** The model the spec asks for. */
  public static String model(InferenceService isvc) {
    return Workload.modelOf(isvc);
  }
}
