package dev.modelweir.server.publish.reference;

import java.util.Arrays;
import java.util.Random;

/**
 * Count, mean, variance and extremes of numbers that come one by one (B. P. Welford, "Note on a
 * method for calculating corrected sums of squares and products", Technometrics 4 (1962)), and a
 * uniform sample of them (J. S. Vitter, "Random sampling with a reservoir", ACM TOMS 11 (1985),
 * algorithm R).
 */
final class Moments {
  /** Rank errors of quantiles stay below 0.5 % with a sample of this size. */
  private static final int SAMPLE = 65_536;

  /** Fixed, so that equal files give equal statistics. */
  private final Random random = new Random(1);

  private double[] sample = new double[64];
  private long count;
  private long missing;
  private double mean;
  private double squares;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  /**
   * @param value NaN when it is missing
   */
  void add(double value) {
    if (Double.isNaN(value)) {
      missing++;
      return;
    }
    count++;
    double difference = value - mean;
    mean += difference / count;
    squares += difference * (value - mean);
    min = Math.min(min, value);
    max = Math.max(max, value);
    keep(value);
  }

  private void keep(double value) {
    if (count <= SAMPLE) {
      if (count > sample.length) {
        sample = Arrays.copyOf(sample, 2 * sample.length);
      }
      sample[(int) count - 1] = value;
    } else {
      long place = random.nextLong(count);
      if (place < SAMPLE) {
        sample[(int) place] = value;
      }
    }
  }

  long count() {
    return count;
  }

  long missing() {
    return missing;
  }

  double mean() {
    return mean;
  }

  /** Of the sample: divided by one less than the count; 0 for fewer than two values. */
  double variance() {
    return count < 2 ? 0 : squares / (count - 1);
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  /** The values themselves, or so many of them drawn at random, in ascending order. */
  double[] sample() {
    double[] values = Arrays.copyOf(sample, (int) Math.min(count, SAMPLE));
    Arrays.sort(values);
    return values;
  }
}
