package dev.modelweir.protocol;

import java.util.Objects;

/**
 * The first bytes of an array. What lies behind them may be another request's, because arrays are
 * used again, so nobody may look at it.
 */
public record Bytes(byte[] array, int length) {
  public Bytes {
    Objects.checkFromToIndex(0, length, array.length);
  }

  /** All that the array holds. */
  public static Bytes all(byte[] array) {
    return new Bytes(array, array.length);
  }
}
