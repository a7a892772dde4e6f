package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.Accelerator;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.RuntimeSpec;
import dev.modelweir.operator.accelerator.Feasibility;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.pod.UserSettings;
import java.util.Optional;

/** What the API server let pass and yet no plan can be made of; what runs is left as it is. */
final class Obstacle {

  private Obstacle() {}

  static Optional<Refusal> in(InferenceService isvc) {
    if (isFromNewerVersion(isvc)) {
      return refusal(
          "`model.format` has a value that this version of the operator does not know: upgrade the"
              + " operator, or use a format it knows; what runs is left as it is");
    }
    Optional<String> contradiction = accelerator(isvc).flatMap(Feasibility::contradiction);
    if (contradiction.isPresent()) {
      return Optional.of(new Refusal(Reason.IMPOSSIBLE_ACCELERATOR, contradiction.get()));
    }
    return UserSettings.mistakeInAffinity(ServingPod.userTemplate(isvc))
        .flatMap(place ->
            refusal(
                "`runtime.podTemplate.affinity%s` has not the shape it has in a Kubernetes pod: correct it as `kubectl explain pod.spec.affinity` says; what runs is left as it is"
                    .formatted(place)));
  }

  private static Optional<Accelerator> accelerator(InferenceService isvc) {
    return Optional.ofNullable(isvc.getSpec().runtime()).map(RuntimeSpec::accelerator);
  }

  /** A word that a newer API added to an enumeration is read as absent. */
  @SuppressWarnings("NullAway")
  private static boolean isFromNewerVersion(InferenceService isvc) {
    return isvc.getSpec().model().format() == null;
  }

  private static Optional<Refusal> refusal(String message) {
    return Optional.of(new Refusal(Reason.INVALID_SPEC, message));
  }
}
