package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.MetricGate;
import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.Promotion;
import dev.modelweir.operator.report.Message;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Judges whether an alias may move to a new version. */
final class Gate {

  private Gate() {}

  /** Absent when no alias is asked for. A metric that was not measured does not pass. */
  static Optional<Promotion> judge(ModelOutput output, List<Metric> metrics) {
    if (output.alias() == null) {
      return Optional.empty();
    }
    List<MetricGate> gates = output.metricsGate() == null ? List.of() : output.metricsGate();
    Map<String, BigDecimal> measured = new HashMap<>();
    metrics.forEach(metric -> measured.put(metric.name(), new BigDecimal(metric.value())));
    boolean passed = gates.stream().allMatch(gate -> passes(gate, measured.get(gate.metric())));
    String message =
        gates.isEmpty()
            ? "no gate: every new version is promoted"
            : gates.stream()
                .map(gate -> describe(gate, measured.get(gate.metric())))
                .collect(Collectors.joining("; "));
    return Optional.of(new Promotion(output.alias(), passed, Message.bounded(message)));
  }

  private static boolean passes(MetricGate gate, @Nullable BigDecimal value) {
    return value != null
        && (gate.atLeast() == null || value.compareTo(new BigDecimal(gate.atLeast())) >= 0)
        && (gate.atMost() == null || value.compareTo(new BigDecimal(gate.atMost())) <= 0);
  }

  private static String describe(MetricGate gate, @Nullable BigDecimal value) {
    String bound =
        gate.atLeast() != null ? "at least " + gate.atLeast() : "at most " + gate.atMost();
    if (value == null) {
      return "%s was not measured, must be %s".formatted(gate.metric(), bound);
    }
    return passes(gate, value)
        ? "%s is %s, %s".formatted(gate.metric(), value, bound)
        : "%s is %s, must be %s".formatted(gate.metric(), value, bound);
  }
}
