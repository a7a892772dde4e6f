package dev.modelweir.operator.mlflow.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlflowNamesTest {

  @ParameterizedTest
  @CsvSource({
    "loss, loss",
    "val/accuracy top-1, val/accuracy top-1",
    "acc@1, acc_1",
    "mAP50(B), mAP50_B_",
    "Genauigkeit_ü, Genauigkeit_ü",
    "/loss, __loss",
    "a//b, _a__b",
    "../up, _.._up",
    "., _.",
  })
  void aMetricHasANameThatMlflowTakes(String ours, String theirs) {
    assertThat(MlflowNames.metric(ours)).isEqualTo(theirs);
  }
}
