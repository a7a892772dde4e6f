package dev.modelweir.operator.inferenceservice.report;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.ModelState;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.report.ConditionStamp;
import java.util.List;

/** Puts a verdict into conditions. */
final class Conditions {

  private final ConditionStamp stamp;

  Conditions(ConditionStamp stamp) {
    this.stamp = stamp;
  }

  List<Condition> of(Verdict verdict) {
    return List.of(
        stamp.of(ConditionType.READY, verdict.ready(), verdict.reason(), verdict.message()),
        reconciling(verdict),
        stalled(verdict),
        modelLoaded(verdict));
  }

  private Condition reconciling(Verdict verdict) {
    return verdict.reconciling()
        ? stamp.of(
            ConditionType.RECONCILING, true, cause(verdict, Reason.SCALING), verdict.message())
        : stamp.of(
            ConditionType.RECONCILING,
            false,
            verdict.stalled() ? verdict.reason() : Reason.RECONCILED,
            verdict.stalled() ? "waiting for a change by a person" : "the spec is in place");
  }

  private Condition stalled(Verdict verdict) {
    return verdict.stalled()
        ? stamp.of(ConditionType.STALLED, true, verdict.reason(), verdict.message())
        : stamp.of(
            ConditionType.STALLED, false, Reason.AS_EXPECTED, "nothing stands in the way for good");
  }

  private Condition modelLoaded(Verdict verdict) {
    if (verdict.model() == ModelState.LOADED) {
      return stamp.of(
          ConditionType.MODEL_LOADED,
          true,
          Reason.MODEL_LOADED,
          "a pod of the current revision has loaded the model and answered an inference");
    }
    String message =
        verdict.model() == ModelState.STANDBY ? "no pods are wanted" : verdict.message();
    return stamp.of(ConditionType.MODEL_LOADED, false, verdict.reason(), message);
  }

  /** What is going on, where the summary is already good news. */
  private static Reason cause(Verdict verdict, Reason otherwise) {
    if (verdict.reason().kind() != Reason.Kind.GOOD) {
      return verdict.reason();
    }
    return verdict.finding().map(finding -> finding.reason()).orElse(otherwise);
  }
}
