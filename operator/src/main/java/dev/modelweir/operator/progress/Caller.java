package dev.modelweir.operator.progress;

import java.time.Duration;
import java.time.Instant;

/** A pod that has shown who it is, the job it works for, and how often it has reported of late. */
final class Caller {

  private static final int REPORTS = 20;
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final String pod;
  private final Work work;
  private Instant windowEnd = Instant.EPOCH;
  private int reports;

  /**
   * @param pod its name, for messages
   */
  Caller(String pod, Work work) {
    this.pod = pod;
    this.work = work;
  }

  String pod() {
    return pod;
  }

  /** What it works on. */
  Work work() {
    return work;
  }

  /** Counts one report. Whether the pod keeps to {@value #REPORTS} reports in ten seconds. */
  synchronized boolean mayReport(Instant now) {
    if (!now.isBefore(windowEnd)) {
      windowEnd = now.plus(WINDOW);
      reports = 0;
    }
    reports++;
    return reports <= REPORTS;
  }
}
