package dev.modelweir.operator.progress.report;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a training has ceased to get on, for the condition {@code ProgressStalled}.
 *
 * <p>Only the time in which all workers run counts, so a job in the queue or between two attempts
 * never stalls. A program that has not reported in its life may be one that never does: of that
 * nothing is known, and unknown is not stalled, unless somebody counts on its reports.
 */
public final class StallDetector {

  /**
   * The condition.
   *
   * @param status {@code True} when stalled, {@code False} when not, {@code Unknown}
   * @param lookAgainAt when the answer may change by itself
   */
  public record Verdict(
      String status, Reason reason, String message, Optional<Instant> lookAgainAt) {}

  private StallDetector() {}

  /**
   * Judges a job.
   *
   * @param runningSince when all workers of the present attempt ran; null while they do not
   * @param progress what was last reported; its time is that of the last report that brought news
   * @param deadline longest time without news ({@code spec.progressDeadlineSeconds})
   * @param expected whether the program is known to report
   */
  public static Verdict judge(
      @Nullable Instant runningSince,
      @Nullable TrainingProgress progress,
      Duration deadline,
      boolean expected,
      Instant now) {
    if (runningSince == null) {
      return unknown("progress is not expected, because not all workers run");
    }
    if (progress == null || progress.reportedAt() == null) {
      return expected
          ? silent(runningSince, deadline, now)
          : unknown(
              "no worker has reported progress so far; let the program post it to"
                  + " MODELWEIR_PROGRESS_URL");
    }
    Instant reported = Instant.parse(progress.reportedAt());
    Instant since = reported.isAfter(runningSince) ? reported : runningSince;
    Instant due = since.plus(deadline);
    if (now.isBefore(due)) {
      // No number in the message: it would cost a write of the status for each report.
      return new Verdict(
          "False",
          Reason.PROGRESS_REPORTED,
          "the training reports that it gets on",
          Optional.of(due));
    }
    return new Verdict(
        "True",
        Reason.NO_PROGRESS,
        ("all workers have run since %s, and the last progress was reported at %s, over %d s ago;"
                + " look at the logs of the workers, or raise `progressDeadlineSeconds`")
            .formatted(runningSince, reported, deadline.toSeconds()),
        Optional.empty());
  }

  private static Verdict silent(Instant runningSince, Duration deadline, Instant now) {
    Instant due = runningSince.plus(deadline);
    return now.isBefore(due)
        ? new Verdict(
            "Unknown",
            Reason.PROGRESS_UNKNOWN,
            "no worker has reported progress so far; it is expected by " + due,
            Optional.of(due))
        : new Verdict(
            "True",
            Reason.NO_PROGRESS,
            ("all workers have run since %s, and none has reported progress within"
                    + " `progressDeadlineSeconds` (%d); look at the logs of the workers, and whether"
                    + " the program posts to MODELWEIR_PROGRESS_URL")
                .formatted(runningSince, deadline.toSeconds()),
            Optional.empty());
  }

  private static Verdict unknown(String message) {
    return new Verdict("Unknown", Reason.PROGRESS_UNKNOWN, message, Optional.empty());
  }
}
