package dev.modelweir.operator.progress.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.GpuSeconds;
import dev.modelweir.operator.progress.report.AcceleratorCost.EndedAttempt;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AcceleratorCostTest {

  private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
  private static final Instant END = START.plusSeconds(100);

  @Test
  void successLosesNothing() {
    assertThat(cost(8, START, AttemptOutcome.SUCCEEDED, null)).isEqualTo(new GpuSeconds(800L, 0L));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUCCEEDED")
  void whatEndsUnfinishedLosesWhatFollowedTheCheckpoint(AttemptOutcome outcome) {
    assertThat(cost(8, START, outcome, checkpoint(END.minusSeconds(10))))
        .isEqualTo(new GpuSeconds(800L, 80L));
  }

  @Test
  void withoutACheckpointAllIsLost() {
    assertThat(cost(2, START, AttemptOutcome.FAILED, null)).isEqualTo(new GpuSeconds(200L, 200L));
  }

  @Test
  void aCheckpointOfAnEarlierAttemptSavesNothingOfThisOne() {
    assertThat(cost(2, START, AttemptOutcome.DISRUPTED, checkpoint(START.minusSeconds(500))))
        .isEqualTo(new GpuSeconds(200L, 200L));
  }

  @Test
  void whatWasNeverLetInCostsNothing() {
    assertThat(cost(8, null, AttemptOutcome.SUSPENDED, null)).isEqualTo(new GpuSeconds(0L, 0L));
  }

  @Test
  void devicesAreHeldWhileOthersOfTheGangAreWaitedFor() {
    assertThat(cost(8, START, AttemptOutcome.GANG_TIMEOUT, null))
        .isEqualTo(new GpuSeconds(800L, 800L));
  }

  @Test
  void aShareOfADeviceCountsAsSuch() {
    assertThat(cost(0.25, START, AttemptOutcome.SUCCEEDED, null))
        .isEqualTo(new GpuSeconds(25L, 0L));
    assertThat(cost(0, START, AttemptOutcome.FAILED, null)).isEqualTo(new GpuSeconds(0L, 0L));
  }

  @Test
  void clocksThatDisagreeNeverMakeItNegative() {
    assertThat(cost(8, START, AttemptOutcome.FAILED, checkpoint(END.plusSeconds(5))))
        .isEqualTo(new GpuSeconds(800L, 0L));
    assertThat(cost(8, END.plusSeconds(1), AttemptOutcome.FAILED, null))
        .isEqualTo(new GpuSeconds(0L, 0L));
  }

  @Test
  void attemptsAddUp() {
    EndedAttempt attempt = new EndedAttempt(1, START, END, AttemptOutcome.DISRUPTED, null);
    assertThat(AcceleratorCost.add(new GpuSeconds(1000L, 7L), attempt))
        .isEqualTo(new GpuSeconds(1100L, 107L));
    assertThat(AcceleratorCost.add(new GpuSeconds(null, null), attempt))
        .isEqualTo(new GpuSeconds(100L, 100L));
    assertThat(AcceleratorCost.add(new GpuSeconds((1L << 53) - 2, 0L), attempt).allocated())
        .isEqualTo((1L << 53) - 1);
  }

  private static GpuSeconds cost(
      double devices,
      @Nullable Instant start,
      AttemptOutcome outcome,
      @Nullable CheckpointStatus checkpoint) {
    return AcceleratorCost.add(null, new EndedAttempt(devices, start, END, outcome, checkpoint));
  }

  private static CheckpointStatus checkpoint(Instant time) {
    return new CheckpointStatus(40L, time.toString(), null);
  }
}
