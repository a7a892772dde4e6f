package dev.modelweir.operator.trainingjob.state;

import java.time.Duration;

/** Pauses before what has failed is tried again: from 10 seconds on, doubling up to 5 minutes. */
final class Backoff {

  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int MOST_DOUBLINGS = 5;

  private Backoff() {}

  /**
   * @param failures how often it has failed, at least 1
   */
  static Duration after(int failures) {
    Duration pause = FIRST.multipliedBy(1L << Math.min(Math.max(failures, 1) - 1, MOST_DOUBLINGS));
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }
}
