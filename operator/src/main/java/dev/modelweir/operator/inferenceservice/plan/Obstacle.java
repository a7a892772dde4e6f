package dev.modelweir.operator.inferenceservice.plan;

import com.fasterxml.jackson.databind.JsonMappingException;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Reason;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the API server let pass and yet no plan can be made of; what runs is left as it is. */
final class Obstacle {

  private Obstacle() {}

  static Optional<Refusal> in(InferenceService isvc) {
    if (isFromNewerVersion(isvc)) {
      return refusal(
          "`model.format` has a value that this version of the operator does not know: upgrade the"
              + " operator, or use a format it knows; what runs is left as it is");
    }
    try {
      ServingPod.affinity(ServingPod.userTemplate(isvc));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return refusal(
          "`runtime.podTemplate.affinity%s` has not the shape it has in a Kubernetes pod: correct it as `kubectl explain pod.spec.affinity` says; what runs is left as it is"
              .formatted(path(e)));
    }
  }

  /** A word that a newer API added to an enumeration is read as absent. */
  @SuppressWarnings("NullAway")
  private static boolean isFromNewerVersion(InferenceService isvc) {
    return isvc.getSpec().model().format() == null;
  }

  private static String path(IllegalArgumentException e) {
    return e.getCause() instanceof JsonMappingException unreadable
        ? unreadable.getPath().stream()
            .map(step ->
                step.getFieldName() == null
                    ? "[" + step.getIndex() + "]"
                    : "." + step.getFieldName())
            .collect(Collectors.joining())
        : "";
  }

  private static Optional<Refusal> refusal(String message) {
    return Optional.of(new Refusal(Reason.INVALID_SPEC, message));
  }
}
