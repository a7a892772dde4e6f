package dev.modelweir.protocol.rest;

import java.math.BigInteger;

/**
 * The leading 128 bits of powers of five, which both directions of number conversion need: each
 * scaled by a power of two into [2^127, 2^128) and rounded down.
 */
final class PowersOfFive {
  /** Of the smallest double's decimal exponent, and of the largest that writing a double needs. */
  static final int MIN = -342;

  static final int MAX = 324;

  private static final BigInteger FIVE = BigInteger.valueOf(5);

  /** Upper and lower 64 bits of 5^q lie at {@code 2 * (q - MIN)}. */
  private static final long[] WORDS = words();

  private PowersOfFive() {}

  static long high(int q) {
    return WORDS[2 * (q - MIN)];
  }

  static long low(int q) {
    return WORDS[2 * (q - MIN) + 1];
  }

  private static long[] words() {
    long[] words = new long[2 * (MAX - MIN + 1)];
    BigInteger power = BigInteger.ONE;
    for (int q = 0; q <= MAX; q++) {
      store(words, q, power);
      power = power.multiply(FIVE);
    }
    // Dividing by 5 and rounding down, again and again, is to divide by the power and round once.
    // So many bits that 128 are left in the end.
    BigInteger reciprocal = BigInteger.ONE.shiftLeft(127 + FIVE.pow(-MIN).bitLength());
    for (int q = -1; q >= MIN; q--) {
      reciprocal = reciprocal.divide(FIVE);
      store(words, q, reciprocal);
    }
    return words;
  }

  private static void store(long[] words, int q, BigInteger power) {
    BigInteger scaled = power.shiftRight(power.bitLength() - 128);
    int at = 2 * (q - MIN);
    words[at] = scaled.shiftRight(64).longValue();
    words[at + 1] = scaled.longValue();
  }
}
