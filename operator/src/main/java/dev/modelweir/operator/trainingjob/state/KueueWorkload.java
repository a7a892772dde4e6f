package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.report.Message;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what Kueue says of a Job in the Workload that it keeps for it. */
public final class KueueWorkload {

  // In the order in which Kueue gets there; the first that does not hold is what it waits for.
  private static final List<String> STEPS = List.of("QuotaReserved", "Admitted");

  private KueueWorkload() {}

  /** Why the Job waits; absent when Kueue has not said anything yet. */
  public static Optional<QueueStatus> queue(GenericKubernetesResource workload) {
    if (!(workload.get("status", "conditions") instanceof List<?> conditions)) {
      return Optional.empty();
    }
    return STEPS.stream()
        .flatMap(step -> unmet(step, conditions))
        .map(condition ->
            new QueueStatus(
                null,
                Reason.WAITING_FOR_QUOTA.word(),
                Message.bounded(
                    "Kueue: %s (%s)".formatted(condition.get("message"), condition.get("reason")))))
        .findFirst();
  }

  private static Stream<Map<?, ?>> unmet(String type, List<?> conditions) {
    return conditions.stream()
        .<Map<?, ?>>mapMulti((condition, to) -> {
          if (condition instanceof Map<?, ?> map) {
            to.accept(map);
          }
        })
        .filter(condition -> type.equals(condition.get("type")))
        .filter(condition -> "False".equals(condition.get("status")));
  }
}
