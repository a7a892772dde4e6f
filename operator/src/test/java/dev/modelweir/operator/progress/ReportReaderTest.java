package dev.modelweir.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modelweir.api.v1alpha1.Metric;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportReaderTest {

  @Test
  void readsWhatKubeflowsClientsSend() {
    Report report =
        read(
            """
            {"trainerStatus": {"lastUpdatedTime": "2026-11-29T03:00:00.123456+00:00",
              "progressPercentage": 42, "estimatedRemainingSeconds": 795,
              "metrics": [{"name": "loss", "value": "0.2347"}, {"name": "lr", "value": "1e-05"}]}}
            """);
    assertThat(report)
        .isEqualTo(
            new Report(
                42,
                795L,
                null,
                null,
                List.of(new Metric("loss", "0.2347"), new Metric("lr", "1e-05")),
                null,
                List.of()));
  }

  @Test
  void readsOurFieldsInsideAndBeside() {
    assertThat(read("{'trainerStatus': {'step': 7, 'epoch': 1.25, 'checkpoint': {'step': 5}}}"))
        .isEqualTo(read("{'step': 7, 'epoch': 1.25, 'checkpoint': {'step': 5}}"))
        .isEqualTo(new Report(null, null, 7L, 1L, List.of(), 5L, List.of()));
  }

  @Test
  void aCheckpointAloneIsAReport() {
    Report report = read("{'checkpoint': {'step': 5}, 'trainerStatus': {'metrics': null}}");
    assertThat(report.checkpointStep()).isEqualTo(5);
    assertThat(report.saysProgress()).isFalse();
  }

  @Test
  void stepAndEpochOfHuggingFaceAreMetrics() {
    Report report =
        read(
            """
            {"trainerStatus": {"progressPercentage": 10, "metrics": [
              {"name": "current_step", "value": "30"}, {"name": "current_epoch", "value": "0.3"}]}}
            """);
    assertThat(report.step()).isEqualTo(30);
    assertThat(report.epoch()).isZero();
    assertThat(report.metrics()).hasSize(2);
    assertThat(read("{'step': 4, 'metrics': [{'name': 'current_step', 'value': 3}]}").step())
        .isEqualTo(4);
    assertThat(read("{'metrics': [{'name': 'current_step', 'value': 0.5}]}").step()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "99.9,99", "100,100"})
  void percentIsCutToAnInteger(String sent, int read) {
    assertThat(read("{'progressPercentage': %s}".formatted(sent)).percent()).isEqualTo(read);
  }

  @Test
  void theFractionOfAnEpochDoesNotCount() {
    assertThat(read("{'epoch': 2.9999}").epoch()).isEqualTo(2);
    assertThat(read("{'epoch': 1e-999999}").epoch()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nan", "inf", "-Infinity", "1e999", "0x10", "1d", " 1", "", "best", "007"})
  void aMetricThatIsNoFiniteNumberIsLeftOut(String value) {
    Report report =
        read(
            "{'metrics': [{'name': 'loss', 'value': '%s'}, {'name': 'f1', 'value': '0.5'}]}"
                .formatted(value));
    assertThat(report.metrics()).containsExactly(new Metric("f1", "0.5"));
    assertThat(report.leftOut()).containsExactly("loss: the value is not a finite number");
  }

  @Test
  void bareNanAsPythonWritesItIsLeftOutToo() {
    Report report = read("{'metrics': [{'name': 'loss', 'value': NaN}]}");
    assertThat(report.metrics()).isEmpty();
    assertThat(report.leftOut()).hasSize(1);
  }

  @Test
  void metricsBeyondTheSixtyFourthAndLongNamesAreLeftOut() {
    Report report = read("{'metrics': [%s]}".formatted(metrics(70)));
    assertThat(report.metrics()).hasSize(64);
    assertThat(report.leftOut()).hasSize(6).first().isEqualTo("m64: 64 metrics are kept");
    assertThat(read("{'metrics': [%s]}".formatted(metrics(256))).leftOut()).hasSize(8);
    assertThat(
            read("{'metrics': [{'name': '%s', 'value': 1}]}".formatted("x".repeat(64))).leftOut())
        .containsExactly("x".repeat(63) + ": a name has 1 to 63 characters");
  }

  @Test
  void ofTwoMetricsWithOneNameTheLastCounts() {
    assertThat(
            read("{'metrics': [{'name': 'a', 'value': 1}, {'name': 'a', 'value': 2}]}").metrics())
        .containsExactly(new Metric("a", "2"));
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(read("{'trainerStatus': {'phase': 'x', 'step': 1}, 'more': [1]}").step())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                    | must be a JSON object",
        "{                                   | is not JSON",
        "{} {}                               | is not JSON",
        "[1]                                 | must be a JSON object",
        "'text'                              | must be a JSON object",
        "null                                | must be a JSON object",
        "{'trainerStatus': 5}                | the object `trainerStatus`",
        "{}                                  | says nothing",
        "{'trainerStatus': {}}               | says nothing",
        "{'progressPercentage': 101}         | `progressPercentage` must be a number between 0 and 100",
        "{'progressPercentage': -1}          | `progressPercentage` must be",
        "{'progressPercentage': NaN}         | `progressPercentage` must be",
        "{'progressPercentage': 'half'}      | `progressPercentage` must be",
        "{'estimatedRemainingSeconds': -5}   | `estimatedRemainingSeconds` must be",
        "{'step': 1.5}                       | `step` must be an integer",
        "{'step': 1e300}                     | `step` must be a number between",
        "{'epoch': Infinity}                 | `epoch` must be a number between",
        "{'checkpoint': 5}                   | `checkpoint` must be an object with `step`",
        "{'checkpoint': {}}                  | `checkpoint` must be an object with `step`",
        "{'checkpoint': {'step': -1}}        | `checkpoint.step` must be",
        "{'metrics': {'loss': 1}}            | `metrics` must be a list",
        "{'metrics': [1]}                    | each of `metrics` must be an object",
        "{'metrics': [{'name': 'a'}]}        | each of `metrics` must be an object",
        "{'metrics': [{'name': 1, 'value': 1}]}        | each of `metrics` must be an object",
        "{'metrics': [{'name': 'a', 'value': [1]}]}    | each of `metrics` must be an object",
      },
      quoteCharacter = '~')
  void whatIsNoReportIsRefusedWithTheFieldAndTheRemedy(String body, String why) {
    assertThatExceptionOfType(Rejection.class)
        .isThrownBy(() -> read(body == null ? "" : body))
        .withMessageContaining(why)
        .satisfies(rejection -> assertThat(rejection.status()).isEqualTo(400));
  }

  @Test
  void moreMetricsThanAnyClientSendsAreRefused() {
    assertThatExceptionOfType(Rejection.class)
        .isThrownBy(() -> read("{'metrics': [%s]}".formatted(metrics(257))))
        .withMessageContaining("at most 256");
  }

  @Test
  void deepNestingIsRefusedAndNothingWorse() {
    assertThatExceptionOfType(Rejection.class).isThrownBy(() -> read("[".repeat(60_000)));
  }

  private static String metrics(int count) {
    return IntStream.range(0, count)
        .mapToObj("{'name': 'm%d', 'value': 1}"::formatted)
        .collect(Collectors.joining(","));
  }

  private static Report read(String body) {
    return ReportReader.read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
