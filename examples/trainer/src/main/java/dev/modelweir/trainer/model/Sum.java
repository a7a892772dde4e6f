package dev.modelweir.trainer.model;

import dev.modelweir.trainer.TrainingException;
import dev.modelweir.trainer.model.Layers.Layer;
import java.util.Arrays;

/**
 * Sums over rows: the gradient, the loss, and how many were predicted right. Addends are rounded to
 * fixed-point numbers of 64 bits first, whose addition knows no rounding: the result is the same in
 * whatever order the rows come, and on however many workers. Floating point has no such sum.
 */
public final class Sum {
  /** A resolution of 2^-36, far below what changes a parameter. */
  private static final double SCALE = 1L << 36;

  /** Up to {@link #MAX_ROWS} of these, 2^14 each, still fit. */
  private static final double BOUND = 1L << 50;

  /** Rows that may be added up. */
  public static final int MAX_ROWS = 4096;

  private final long[] numbers;

  /** Whether a number came that fixed point cannot hold. */
  private boolean overflown;

  public Sum(int parameters) {
    numbers = new long[parameters + 2];
  }

  /** The sums themselves, to be added up with those of other workers; the last two are outcomes. */
  public long[] numbers() {
    return numbers;
  }

  public void clear() {
    Arrays.fill(numbers, 0);
  }

  void add(Layer layer, double[] in, double[] deltas) {
    for (int o = 0; o < deltas.length; o++) {
      double delta = deltas[o] * SCALE;
      int weights = layer.weights() + o * in.length;
      for (int i = 0; i < in.length; i++) {
        add(weights + i, delta * in[i]);
      }
      add(layer.biases() + o, delta);
    }
  }

  void addOutcome(double loss, boolean right) {
    add(numbers.length - 2, loss * SCALE);
    numbers[numbers.length - 1] += right ? 1 : 0;
  }

  private void add(int place, double scaled) {
    // Not a number compares as false, too.
    overflown |= !(Math.abs(scaled) < BOUND);
    numbers[place] += (long) scaled;
  }

  /**
   * Fails when this worker's own part of the sum is of no use.
   *
   * @throws TrainingException when the training has diverged
   */
  public void check() throws TrainingException {
    if (overflown) {
      throw new TrainingException(
          "the training diverges: gradients are beyond all bounds; lower --learning-rate");
    }
  }

  double gradient(int parameter) {
    return numbers[parameter] / SCALE;
  }

  public double loss() {
    return numbers[numbers.length - 2] / SCALE;
  }

  public long right() {
    return numbers[numbers.length - 1];
  }
}
