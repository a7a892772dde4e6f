package dev.modelweir.operator.progress.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.progress.report.StallDetector.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StallDetectorTest {

  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  @Test
  void aJobWhoseWorkersDoNotRunNeverStalls() {
    Verdict verdict = judge(null, progress(NOON.minus(Duration.ofDays(3))));
    assertThat(verdict.status()).isEqualTo("Unknown");
    assertThat(verdict.reason()).isEqualTo(Reason.PROGRESS_UNKNOWN);
    assertThat(verdict.lookAgainAt()).isEmpty();
  }

  @Test
  void ofAProgramThatNeverReportsNothingIsKnown() {
    Verdict verdict = judge(NOON.minus(Duration.ofDays(3)), null);
    assertThat(verdict.status()).isEqualTo("Unknown");
    assertThat(verdict.message()).contains("MODELWEIR_PROGRESS_URL");
  }

  @Test
  void aProgramThatIsExpectedToReportStallsWithoutAReport() {
    Verdict early = StallDetector.judge(NOON.minusSeconds(599), null, DEADLINE, true, NOON);
    assertThat(early.status()).isEqualTo("Unknown");
    assertThat(early.lookAgainAt()).contains(NOON.plusSeconds(1));
    Verdict late = StallDetector.judge(NOON.minusSeconds(600), null, DEADLINE, true, NOON);
    assertThat(late.status()).isEqualTo("True");
    assertThat(late.reason()).isEqualTo(Reason.NO_PROGRESS);
    assertThat(late.message())
        .contains("`progressDeadlineSeconds` (600)", "MODELWEIR_PROGRESS_URL");
    assertThat(StallDetector.judge(null, null, DEADLINE, true, NOON).status()).isEqualTo("Unknown");
  }

  @Test
  void aReportWithinTheDeadlineIsProgressUntilThen() {
    Verdict verdict = judge(NOON.minusSeconds(3600), progress(NOON.minusSeconds(599)));
    assertThat(verdict.status()).isEqualTo("False");
    assertThat(verdict.reason()).isEqualTo(Reason.PROGRESS_REPORTED);
    assertThat(verdict.lookAgainAt()).contains(NOON.plusSeconds(1));
  }

  @Test
  void atTheDeadlineItIsStalled() {
    Verdict verdict = judge(NOON.minusSeconds(3600), progress(NOON.minusSeconds(600)));
    assertThat(verdict.status()).isEqualTo("True");
    assertThat(verdict.reason()).isEqualTo(Reason.NO_PROGRESS);
    assertThat(verdict.message())
        .contains("2026-11-29T11:00:00Z", "2026-11-29T11:50:00Z", "600 s", "logs");
  }

  @Test
  void theTimeInTheQueueAfterADisruptionDoesNotCount() {
    TrainingProgress beforeTheQueue = progress(NOON.minus(Duration.ofDays(1)));
    assertThat(judge(NOON.minusSeconds(30), beforeTheQueue).status()).isEqualTo("False");
    assertThat(judge(NOON.minusSeconds(600), beforeTheQueue).status()).isEqualTo("True");
  }

  private static Verdict judge(
      @Nullable Instant runningSince, @Nullable TrainingProgress progress) {
    return StallDetector.judge(runningSince, progress, DEADLINE, false, NOON);
  }

  private static TrainingProgress progress(Instant reportedAt) {
    return new TrainingProgress(5, null, null, null, List.of(), reportedAt.toString());
  }
}
