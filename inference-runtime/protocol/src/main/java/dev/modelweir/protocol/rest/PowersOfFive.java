package dev.modelweir.protocol.rest;

import java.math.BigInteger;

/** The leading 128 bits of powers of five, which both directions of number conversion need. */
final class PowersOfFive {
  /** Of the smallest double's decimal exponent, and of the largest that writing a double needs. */
  static final int MIN = -342;

  static final int MAX = 324;

  private PowersOfFive() {}

  /**
   * The powers from {@link #MIN} to {@link #MAX}, each scaled by a power of two into [2^127, 2^128)
   * and rounded down; upper and lower 64 bits of 5^q lie at {@code 2 * (q - MIN)}.
   */
  static long[] truncated() {
    long[] words = new long[2 * (MAX - MIN + 1)];
    BigInteger power = BigInteger.ONE;
    for (int q = 0; q <= Math.max(MAX, -MIN); q++) {
      int bits = power.bitLength();
      if (q <= MAX) {
        store(words, q, power.shiftLeft(128).shiftRight(bits));
      }
      if (q > 0 && -q >= MIN) {
        store(words, -q, BigInteger.ONE.shiftLeft(127 + bits).divide(power));
      }
      power = power.multiply(BigInteger.valueOf(5));
    }
    return words;
  }

  private static void store(long[] words, int q, BigInteger value) {
    int at = 2 * (q - MIN);
    words[at] = value.shiftRight(64).longValue();
    words[at + 1] = value.longValue();
  }
}
