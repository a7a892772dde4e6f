package dev.modelweir.operator.inferenceservice.report;

import dev.modelweir.api.v1alpha1.ModelState;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.diagnosis.Finding;
import java.util.Optional;

/**
 * The answer to "can it be used, and if not, why not", before it is put into conditions.
 *
 * @param ready whether the current revision answers requests
 * @param reconciling whether the operator expects to get further by itself
 * @param stalled whether a person must change something
 * @param model how far the model has come
 * @param reason the reason of the summary condition
 * @param message the message of the summary condition
 * @param finding what is wrong, if something is
 */
record Verdict(
    boolean ready,
    boolean reconciling,
    boolean stalled,
    ModelState model,
    Reason reason,
    String message,
    Optional<Finding> finding) {

  static Verdict atRest(ModelState model, Reason reason, String message) {
    return new Verdict(true, false, false, model, reason, message, Optional.empty());
  }
}
