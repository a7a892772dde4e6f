package dev.modelweir.trainer.data;

import java.util.Random;

/**
 * In which order rows are visited: at random, but always the same for the same seed. Made of the
 * generator and the shuffle (Fisher and Yates) alone, whose results no Java version may change.
 */
public final class Order {
  private Order() {}

  /** The numbers below {@code size} in the order of the seed. */
  public static int[] shuffled(int size, long seed) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    Random random = new Random(seed);
    for (int i = size - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[other];
      order[other] = moved;
    }
    return order;
  }
}
