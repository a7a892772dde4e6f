package dev.modelweir.operator.inferenceservice.diagnosis;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.api.v1alpha1.ModelSource;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.diagnosis.PodSubject;
import java.util.List;

/** The words of an InferenceService for what its pods consist of. */
final class Subjects {

  private Subjects() {}

  static PodSubject of(InferenceService isvc) {
    ModelSource model = isvc.getSpec().model();
    List<PodSubject.Source> sources =
        model.storageUri() == null
            ? List.of()
            : List.of(
                new PodSubject.Source(
                    "model",
                    "fetch",
                    model.storageUri(),
                    "model.storageUri",
                    "model.digest",
                    model.digest() != null,
                    Reason.FETCHING_MODEL,
                    Reason.MODEL_NOT_FOUND));
    return new PodSubject("runtime", sources, model.format() != ModelFormat.CUSTOM);
  }
}
