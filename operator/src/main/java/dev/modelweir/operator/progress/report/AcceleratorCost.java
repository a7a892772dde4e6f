package dev.modelweir.operator.progress.report;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.GpuSeconds;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a training costs in device-seconds. Each attempt is added once, when it ends; whoever writes
 * the sum writes with it that the attempt has ended, so that a restart of the operator counts
 * nothing twice.
 */
public final class AcceleratorCost {

  private static final long MOST = (1L << 53) - 1; // what the status can hold

  private AcceleratorCost() {}

  /**
   * An attempt that has ended.
   *
   * @param devices accelerators of all workers together; a share of a device is a fraction
   * @param admittedAt when the queue gave it its devices; null when it never did
   * @param checkpoint the last one that was reported, in this attempt or before
   */
  public record EndedAttempt(
      double devices,
      @Nullable Instant admittedAt,
      Instant finishedAt,
      AttemptOutcome outcome,
      @Nullable CheckpointStatus checkpoint) {

    /** Device-seconds that it held its devices. */
    long allocated() {
      return admittedAt == null ? 0 : deviceSeconds(admittedAt);
    }

    /** Device-seconds whose work nobody can go on from. */
    long lost() {
      if (admittedAt == null || outcome == AttemptOutcome.SUCCEEDED) {
        return 0;
      }
      Instant saved =
          checkpoint == null || checkpoint.time() == null
              ? admittedAt
              : Instant.parse(checkpoint.time());
      // A checkpoint of an earlier attempt saves nothing of this one.
      return deviceSeconds(saved.isAfter(admittedAt) ? saved : admittedAt);
    }

    /** From then to the end; nothing when the clocks of two machines say it was before. */
    private long deviceSeconds(Instant from) {
      Duration time = Duration.between(from, finishedAt);
      return time.isNegative() ? 0 : Math.round(devices * time.toMillis() / 1000.0);
    }
  }

  /**
   * The sum with an attempt added.
   *
   * @param before of the attempts before; null when there is none
   */
  public static GpuSeconds add(@Nullable GpuSeconds before, EndedAttempt attempt) {
    return new GpuSeconds(
        sum(before == null ? null : before.allocated(), attempt.allocated()),
        sum(before == null ? null : before.lost(), attempt.lost()));
  }

  private static long sum(@Nullable Long before, long added) {
    return Math.min(MOST, (before == null ? 0 : before) + added);
  }
}
