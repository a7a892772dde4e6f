package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.RuntimeSpec;
import dev.modelweir.operator.accelerator.Feasibility;
import java.util.Map;
import java.util.Optional;

/**
 * What the cluster can never give to a service. The pods are made all the same: an autoscaler that
 * sees them wait may bring the node.
 */
public final class Shortage {

  private Shortage() {}

  /** Why no node can ever take a pod of the service, if none can. */
  public static Optional<String> of(InferenceService isvc, Observation seen) {
    Map<String, String> selector = ServingPod.userTemplate(isvc).nodeSelector();
    return Optional.ofNullable(isvc.getSpec().runtime())
        .map(RuntimeSpec::accelerator)
        .filter(wanted -> Feasibility.contradiction(wanted).isEmpty())
        .flatMap(wanted ->
            seen.templateMissing()
                ? Optional.of(
                    Feasibility.templateMissing(wanted, isvc.getMetadata().getNamespace()))
                : Feasibility.obstacle(
                    wanted, selector == null ? Map.of() : selector, seen.nodes()));
  }
}
