package dev.modelweir.operator.report;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the conditions of one object, keeping the time of the last transition where nothing
 * changed.
 *
 * @param previous the conditions as they were, if there were any
 * @param generation the generation of the spec that they now speak of
 */
public record ConditionStamp(
    @Nullable List<Condition> previous, @Nullable Long generation, Instant now) {

  public Condition of(String type, boolean holds, Reason reason, String message) {
    return of(type, holds ? "True" : "False", reason, message);
  }

  /** A statement of which nobody can say now whether it holds. */
  public Condition unknown(String type, Reason reason, String message) {
    return of(type, "Unknown", reason, message);
  }

  private Condition of(String type, String status, Reason reason, String message) {
    String since =
        before(previous, type)
            .filter(condition -> condition.status().equals(status))
            .flatMap(condition -> Optional.ofNullable(condition.lastTransitionTime()))
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new Condition(type, status, generation, since, reason.word(), Message.bounded(message));
  }

  /** The condition of this type in a list that may not be there yet. */
  public static Optional<Condition> before(@Nullable List<Condition> conditions, String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }
}
