package dev.modelweir.trainer;

import java.util.OptionalLong;

/**
 * How fast a training is.
 *
 * @param first step that this process did
 * @param total steps in all
 * @param begun when, in nanoseconds of the system's timer
 */
record Pace(long first, long total, long begun) {
  int percent(long step) {
    return (int) (100 * step / total);
  }

  /** Seconds until the last step; empty before there is anything to go by. */
  OptionalLong remainingSeconds(long step, long now) {
    long done = step - first;
    return done == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.round((now - begun) / 1e9 / done * (total - step)));
  }
}
