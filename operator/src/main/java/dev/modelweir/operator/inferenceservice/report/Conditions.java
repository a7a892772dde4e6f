package dev.modelweir.operator.inferenceservice.report;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.ModelState;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.inferenceservice.diagnosis.Message;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a verdict into conditions, keeping the time of the last transition where nothing changed.
 */
final class Conditions {

  private final @Nullable List<Condition> previous;
  private final @Nullable Long generation;
  private final Instant now;

  Conditions(@Nullable List<Condition> previous, @Nullable Long generation, Instant now) {
    this.previous = previous;
    this.generation = generation;
    this.now = now;
  }

  List<Condition> of(Verdict verdict) {
    return List.of(
        condition(ConditionType.READY, verdict.ready(), verdict.reason(), verdict.message()),
        reconciling(verdict),
        stalled(verdict),
        modelLoaded(verdict));
  }

  private Condition reconciling(Verdict verdict) {
    return verdict.reconciling()
        ? condition(
            ConditionType.RECONCILING, true, cause(verdict, Reason.SCALING), verdict.message())
        : condition(
            ConditionType.RECONCILING,
            false,
            verdict.stalled() ? verdict.reason() : Reason.RECONCILED,
            verdict.stalled() ? "waiting for a change by a person" : "the spec is in place");
  }

  private Condition stalled(Verdict verdict) {
    return verdict.stalled()
        ? condition(ConditionType.STALLED, true, verdict.reason(), verdict.message())
        : condition(
            ConditionType.STALLED, false, Reason.AS_EXPECTED, "nothing stands in the way for good");
  }

  private Condition modelLoaded(Verdict verdict) {
    if (verdict.model() == ModelState.LOADED) {
      return condition(
          ConditionType.MODEL_LOADED,
          true,
          Reason.MODEL_LOADED,
          "a pod of the current revision has loaded the model and answered an inference");
    }
    String message =
        verdict.model() == ModelState.STANDBY ? "no pods are wanted" : verdict.message();
    return condition(ConditionType.MODEL_LOADED, false, verdict.reason(), message);
  }

  /** What is going on, where the summary is already good news. */
  private static Reason cause(Verdict verdict, Reason otherwise) {
    if (verdict.reason().kind() != Reason.Kind.GOOD) {
      return verdict.reason();
    }
    return verdict.finding().map(finding -> finding.reason()).orElse(otherwise);
  }

  private Condition condition(String type, boolean holds, Reason reason, String message) {
    String status = holds ? "True" : "False";
    String since =
        before(type)
            .filter(condition -> condition.status().equals(status))
            .flatMap(condition -> Optional.ofNullable(condition.lastTransitionTime()))
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new Condition(type, status, generation, since, reason.word(), Message.bounded(message));
  }

  private Optional<Condition> before(String type) {
    return previous == null
        ? Optional.empty()
        : previous.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }
}
