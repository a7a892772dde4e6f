package dev.modelweir.server.schedule;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long a run of so many rows takes, as measured when the model was loaded and corrected by
 * every run since. Between two measured sizes it is interpolated. Times are in nanoseconds; 0
 * stands for unknown.
 */
public final class Profile {
  /** Weight of one run in the moving average: about the last twenty count. */
  private static final double WEIGHT = 0.05;

  /** By exponent: entry 3 is the time of 8 rows. */
  private final AtomicLongArray nanos;

  public Profile(int maxRows) {
    nanos = new AtomicLongArray(exponent(maxRows) + 1);
  }

  /** Takes a measurement for what it is. */
  public void set(int rows, long measured) {
    nanos.set(exponent(rows), measured);
  }

  /**
   * Fewer rows take no longer than more. What was measured first, while the JVM had not compiled
   * the way through it, may say otherwise.
   */
  void smooth() {
    for (int place = nanos.length() - 2; place >= 0; place--) {
      long more = nanos.get(place + 1);
      if (more != 0) {
        nanos.set(place, Math.min(nanos.get(place), more));
      }
    }
  }

  /** Learns from a run. */
  void observe(int rows, long measured) {
    int place = exponent(rows);
    if (Integer.bitCount(rows) != 1 || place >= nanos.length()) {
      return;
    }
    long before = nanos.get(place);
    nanos.set(place, before == 0 ? measured : (long) (before + WEIGHT * (measured - before)));
  }

  /**
   * Believes a little less in a time because of which no run begins that could correct it, such as
   * after a while in which something else took the processors.
   */
  void doubt(int rows) {
    int place = Math.min(exponent(rows), nanos.length() - 1);
    long before = nanos.get(place);
    nanos.set(place, (long) (before - WEIGHT * before));
  }

  /** Expected time of a run, or 0 when nothing near was ever measured. */
  public long nanos(int rows) {
    int last = nanos.length() - 1;
    if (exponent(rows) > last) {
      return scaled(last, rows);
    }
    int upper = Math.min(exponent(rows), nanos.length() - 1);
    long above = nanos.get(upper);
    if (above == 0 || Integer.bitCount(rows) == 1 || upper == 0) {
      return above != 0 || upper == 0 ? above : scaled(upper - 1, rows);
    }
    long below = nanos.get(upper - 1);
    double share = rows / (double) (1 << (upper - 1)) - 1;
    return below == 0 ? above : (long) (below + Math.clamp(share, 0, 1) * (above - below));
  }

  private long scaled(int place, int rows) {
    long known = nanos.get(place);
    return known == 0 ? 0 : (long) (known * (rows / (double) (1 << place)));
  }

  /** The smallest exponent whose power of two holds the rows. */
  private static int exponent(int rows) {
    return rows <= 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(rows - 1);
  }
}
