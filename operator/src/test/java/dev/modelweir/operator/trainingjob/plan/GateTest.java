package dev.modelweir.operator.trainingjob.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.MetricGate;
import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.Promotion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When an alias may move. */
class GateTest {

  private static final List<Metric> MEASURED =
      List.of(new Metric("accuracy", "0.96"), new Metric("loss", "1E-2"));

  static Stream<Arguments> rows() {
    return Stream.of(
        Arguments.of(List.of(), true, "no gate: every new version is promoted"),
        Arguments.of(
            List.of(new MetricGate("accuracy", "0.96", null)),
            true,
            "accuracy is 0.96, at least 0.96"),
        Arguments.of(
            List.of(new MetricGate("accuracy", "0.961", null)),
            false,
            "accuracy is 0.96, must be at least 0.961"),
        Arguments.of(
            List.of(new MetricGate("loss", null, "0.01")), true, "loss is 0.01, at most 0.01"),
        Arguments.of(
            List.of(new MetricGate("loss", null, "9e-3")),
            false,
            "loss is 0.01, must be at most 9e-3"),
        Arguments.of(
            List.of(new MetricGate("accuracy", "0.9", null), new MetricGate("f1", "0", null)),
            false,
            "accuracy is 0.96, at least 0.9; f1 was not measured, must be at least 0"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void judges(List<MetricGate> gates, boolean passes, String message) {
    var output = new ModelOutput("iris", "pvc://models", null, gates, "champion", null);
    assertThat(Gate.judge(output, MEASURED)).contains(new Promotion("champion", passes, message));
  }

  @Test
  void withoutAnAliasThereIsNothingToJudge() {
    assertThat(
            Gate.judge(new ModelOutput("iris", "pvc://models", null, null, null, null), MEASURED))
        .isEmpty();
  }
}
