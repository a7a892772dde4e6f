package dev.modelweir.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.ReportedMetric;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.testing.ApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingReportsTest {

  private final ApiServer api = new ApiServer();
  private final Digits digits = Digits.on(api);
  private final HandTimer timer = new HandTimer();
  private final PendingReports pending = replica();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void theFirstReportIsWrittenAtOnce() {
    report(10);
    assertThat(digits.status().progress())
        .isEqualTo(
            new TrainingProgress(
                10,
                null,
                null,
                null,
                List.of(new ReportedMetric("loss", "0.5")),
                "2026-11-29T12:00:00Z"));
    assertThat(digits.status().progressSummary()).isEqualTo("10%");
    assertThat(api.writesOfOperator())
        .singleElement()
        .satisfies(write ->
            assertThat(write.path()).contains("/digits/status", "fieldManager=modelweir-progress"));
  }

  @Test
  void whatFollowsWaitsAndTheLastIsNotLost() {
    report(10);
    seconds(1);
    report(11);
    seconds(1);
    report(12);
    seconds(2);
    assertThat(percent()).isEqualTo(10);
    seconds(1);
    assertThat(percent()).isEqualTo(12);
    assertThat(digits.status().progress().reportedAt()).isEqualTo("2026-11-29T12:00:02Z");
    assertThat(api.writesOfOperator()).hasSize(2);
  }

  @Test
  void aJobThatReportsAllTheTimeCostsOneWriteInFiveSeconds() {
    for (int i = 0; i < 60; i++) {
      report(i);
      seconds(1);
    }
    assertThat(api.writesOfOperator()).as("at second 0, 5, … 60").hasSize(13);
    seconds(5);
    assertThat(percent()).isEqualTo(59);
  }

  @Test
  void aJobThatHasFallenSilentIsForgotten() {
    report(10);
    seconds(10);
    assertThat(timer.waiting()).isZero();
  }

  @Test
  void theSameReportAgainIsNoNews() {
    report(10);
    seconds(60);
    report(10);
    seconds(60);
    assertThat(api.writesOfOperator()).hasSize(1);
    assertThat(digits.status().progress().reportedAt()).isEqualTo("2026-11-29T12:00:00Z");
  }

  @Test
  void aCheckpointLeavesProgressAndTheNextProgressLeavesTheCheckpoint() {
    report(10);
    seconds(10);
    pending.add(digits.work(0), checkpoint(40));
    timer.run();
    assertThat(percent()).isEqualTo(10);
    seconds(10);
    report(20);
    assertThat(percent()).isEqualTo(20);
    assertThat(digits.status().checkpoint())
        .isEqualTo(
            new CheckpointStatus(
                40L,
                "2026-11-29T12:00:10Z",
                "pvc://training/team-a/digits-%s/checkpoints"
                    .formatted(digits.uid().substring(0, 8))));
  }

  /** What a report leaves out it does not take back. */
  @Test
  void aReportOfAStepLeavesPercentAndMetrics() {
    pending.add(digits.work(0), said(10, null, "loss=0.5", "accuracy=0.8"));
    timer.run();
    seconds(10);
    pending.add(digits.work(0), said(null, 70L));
    timer.run();
    assertThat(percent()).isEqualTo(10);
    assertThat(Objects.requireNonNull(digits.status().progress()).step()).isEqualTo(70);
    pending.add(digits.work(0), said(null, 80L));
    pending.add(digits.work(0), said(11, null, "loss=0.4"));
    seconds(5);
    assertThat(digits.status().progress())
        .isEqualTo(
            new TrainingProgress(
                11,
                null,
                80L,
                null,
                List.of(
                    new ReportedMetric("loss", "0.4"),
                    new ReportedMetric("accuracy", "0.8", null, "2026-11-29T12:00:00Z")),
                "2026-11-29T12:00:10Z"));
  }

  @Test
  void ofTooManyMetricsTheOldOnesGiveWay() {
    pending.add(digits.work(0), said(1, null, numbered("old", 64)));
    timer.run();
    seconds(10);
    pending.add(digits.work(0), said(2, null, "new=1", "old63=2"));
    timer.run();
    List<ReportedMetric> metrics =
        Objects.requireNonNull(Objects.requireNonNull(digits.status().progress()).metrics());
    assertThat(metrics)
        .hasSize(64)
        .contains(
            new ReportedMetric("new", "1"),
            new ReportedMetric("old63", "2"),
            new ReportedMetric("old1", "0", null, "2026-11-29T12:00:00Z"))
        .extracting(ReportedMetric::name)
        .doesNotContain("old0");
  }

  /** A point of a curve stays where it was measured, through any number of reports. */
  @Test
  void aMetricThatIsLeftOutKeepsItsStepAndTime() {
    pending.add(digits.work(0), said(null, 5L, "loss=0.5", "accuracy=0.8"));
    timer.run();
    for (long step = 6; step < 9; step++) {
      seconds(10);
      pending.add(digits.work(0), said(null, step, "loss=0.4"));
      timer.run();
    }
    assertThat(Objects.requireNonNull(digits.status().progress()).metrics())
        .containsExactly(
            new ReportedMetric("loss", "0.4"),
            new ReportedMetric("accuracy", "0.8", 5L, "2026-11-29T12:00:00Z"));
    seconds(10);
    pending.add(digits.work(0), said(null, 9L, "accuracy=0.8"));
    timer.run();
    assertThat(Objects.requireNonNull(digits.status().progress()).metrics())
        .containsExactly(
            new ReportedMetric("loss", "0.4", 8L, "2026-11-29T12:00:30Z"),
            new ReportedMetric("accuracy", "0.8"));
  }

  /** It may have gone back to a checkpoint before that. */
  @Test
  void nothingOfAnEarlierAttemptIsKept() {
    pending.add(digits.work(0), said(90, 900L));
    timer.run();
    seconds(10);
    digits.reconcilerWrites(
        "{\"attempt\": {\"number\": 1, \"startedAt\": \"2026-11-29T12:00:05Z\"}}");
    pending.add(digits.work(1), said(null, 500L));
    timer.run();
    assertThat(percent()).isNull();
    seconds(10);
    pending.add(digits.work(1), said(60, null));
    timer.run();
    assertThat(Objects.requireNonNull(digits.status().progress()).step()).isEqualTo(500);
  }

  private static Report said(@Nullable Integer percent, @Nullable Long step, String... metrics) {
    return new Report(
        percent,
        null,
        step,
        null,
        Stream.of(metrics)
            .map(metric -> metric.split("=", 2))
            .map(pair -> new Metric(pair[0], pair[1]))
            .toList(),
        null,
        List.of());
  }

  private static String[] numbered(String name, int number) {
    return IntStream.range(0, number).mapToObj(i -> name + i + "=0").toArray(String[]::new);
  }

  @Test
  void aCheckpointWithinThePauseIsNotHiddenByLaterProgress() {
    report(10);
    pending.add(digits.work(0), checkpoint(40));
    report(11);
    seconds(5);
    assertThat(Objects.requireNonNull(digits.status().checkpoint()).step()).isEqualTo(40);
    assertThat(percent()).isEqualTo(11);
  }

  @Test
  void theReconcilersFieldsAndOursLiveSideBySide() {
    digits.reconcilerWrites("{\"phase\": \"Running\", \"attempt\": {\"number\": 0}}");
    report(10);
    assertThat(digits.status().phase()).hasToString("RUNNING");
    digits.reconcilerWrites("{\"phase\": \"Publishing\", \"attempt\": {\"number\": 0}}");
    assertThat(digits.status().phase()).hasToString("PUBLISHING");
    assertThat(percent()).isEqualTo(10);
  }

  @Test
  void aFormerAttemptIsNotHeard() {
    digits.reconcilerWrites("{\"attempt\": {\"number\": 2}}");
    pending.add(digits.work(1), progress(90));
    timer.run();
    assertThat(digits.status().progress()).isNull();
    pending.add(digits.work(2), progress(5));
    seconds(5);
    assertThat(percent()).isEqualTo(5);
  }

  @Test
  void aNamesakeCreatedSinceIsSpared() {
    Work before = digits.work(0);
    digits.resource().delete();
    digits.create(Digits.JOB);
    pending.add(before, progress(90));
    timer.run();
    assertThat(digits.resource().get().getStatus()).isNull();
    assertThat(api.writesOfOperator()).isEmpty();
  }

  @Test
  void aJobDeletedSinceIsLeftAlone() {
    Work before = digits.work(0);
    digits.resource().delete();
    pending.add(before, progress(90));
    seconds(60);
    assertThat(digits.resource().get()).isNull();
    assertThat(timer.waiting()).isZero();
  }

  @Test
  void whatTheApiServerCannotTakeIsTriedAgain() {
    api.refuse("/status", 500, "etcd leader changed");
    report(10);
    seconds(1);
    report(11);
    api.heal();
    seconds(30);
    assertThat(percent()).isEqualTo(11);
  }

  @Test
  void aConflictIsReadAgainAndWritten() {
    PendingReports other = replica();
    api.refuseOnce("/status", 409, "the object has been modified");
    other.add(digits.work(0), progress(10));
    timer.run();
    assertThat(percent()).isEqualTo(10);
    assertThat(api.writesOfOperator()).hasSize(2);
  }

  @Test
  void severalReplicasKeepThePauseTogetherAndTheLastReportWins() {
    PendingReports other = replica();
    report(10);
    seconds(1);
    other.add(digits.work(0), progress(11));
    timer.run();
    assertThat(percent()).isEqualTo(10);
    seconds(1);
    report(12);
    seconds(10);
    assertThat(percent()).isEqualTo(12);
    assertThat(api.writesOfOperator()).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void aProcessThatEndsWritesWhatWaits() throws Exception {
    report(10);
    seconds(1);
    report(11);
    for (Callable<Object> delivery : pending.last()) {
      delivery.call();
    }
    assertThat(percent()).isEqualTo(11);
  }

  /** What an attempt lost is counted when its last worker has ended, by its last checkpoint. */
  @Test
  void whatWaitsIsWrittenAtOnceForWhoNeedsIt() {
    assertThat(pending.flush(digits.uid())).isFalse();
    report(10);
    seconds(1);
    pending.add(digits.work(0), checkpoint(40));
    assertThat(digits.status().checkpoint()).isNull();

    assertThat(pending.flush(digits.uid())).isTrue();
    assertThat(digits.status().checkpoint().step()).isEqualTo(40);
    assertThat(pending.flush(digits.uid())).isFalse();
    seconds(10);
    assertThat(api.writesOfOperator()).hasSize(2);
    report(20);
    assertThat(percent()).isEqualTo(20);
  }

  private @Nullable Integer percent() {
    return Objects.requireNonNull(digits.status().progress()).percent();
  }

  private void report(int percent) {
    pending.add(digits.work(0), progress(percent));
    timer.run();
  }

  private void seconds(int seconds) {
    timer.pass(Duration.ofSeconds(seconds));
  }

  private PendingReports replica() {
    return new PendingReports(new Delivery(api.operator(), timer), timer, timer);
  }

  private static Report progress(int percent) {
    return new Report(
        percent, null, null, null, List.of(new Metric("loss", "0.5")), null, List.of());
  }

  private static Report checkpoint(long step) {
    return new Report(null, null, null, null, List.of(), step, List.of());
  }
}
