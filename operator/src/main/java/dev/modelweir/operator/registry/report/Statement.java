package dev.modelweir.operator.registry.report;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.report.ConditionStamp;
import dev.modelweir.operator.report.Message;
import dev.modelweir.operator.report.PlannedEvent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an object of the registry is, before it is put into conditions.
 *
 * @param ready whether it can be used
 * @param reconciling whether the operator waits for something that may come by itself
 */
record Statement(boolean ready, boolean reconciling, Reason reason, String message) {

  List<Condition> conditions(ConditionStamp stamp) {
    boolean stalled = reason.kind() == Reason.Kind.TERMINAL;
    return List.of(
        stamp.of(ConditionType.READY, ready, reason, message),
        reconciling
            ? stamp.of(ConditionType.RECONCILING, true, reason, message)
            : stamp.of(
                ConditionType.RECONCILING,
                false,
                stalled ? reason : Reason.RECONCILED,
                stalled ? "waiting for a change by a person" : "the spec is in place"),
        stalled
            ? stamp.of(ConditionType.STALLED, true, reason, message)
            : stamp.of(
                ConditionType.STALLED,
                false,
                Reason.AS_EXPECTED,
                "nothing stands in the way for good"));
  }

  /** An event when the summary has changed its mind or its reason. */
  Optional<PlannedEvent> event(@Nullable List<Condition> before) {
    boolean same =
        ConditionStamp.before(before, ConditionType.READY)
            .filter(old -> old.status().equals(ready ? "True" : "False"))
            .filter(old -> old.reason().equals(reason.word()))
            .isPresent();
    return same
        ? Optional.empty()
        : Optional.of(
            new PlannedEvent(reason.kind() != Reason.Kind.GOOD, reason, Message.bounded(message)));
  }
}
