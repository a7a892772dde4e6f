package dev.modelweir.protocol.rest;

/**
 * Turns {@code significand · 10^exponent} into the nearest binary number, ties to even, with one or
 * two multiplications: Lemire, "Number Parsing at a Gigabyte per Second", Software: Practice and
 * Experience 51(8), 2021, algorithm 1. That the product of 128 bits always decides is shown by
 * Mushtak and Lemire, "Fast Number Parsing Without Fallback", 2023.
 */
final class EiselLemire {
  private static final int MIN = PowersOfFive.MIN;

  /** Of the largest double's decimal exponent. */
  private static final int MAX = 308;

  private static final long[] POWERS = powers();

  private EiselLemire() {}

  /**
   * The bits of the nearest float, which may be infinite.
   *
   * @param significand unsigned
   */
  static int binary32(long significand, int exponent) {
    // Below 10^-65 even 2^64 rounds to zero; above 10^38 even 1 is out of range.
    if (significand == 0 || exponent < -65) {
      return 0;
    }
    if (exponent > 38) {
      return 0xff << 23;
    }
    return (int) nearest(significand, exponent, 23, -127, 0xff, -17, 10);
  }

  /**
   * The bits of the nearest double, which may be infinite.
   *
   * @param significand unsigned
   */
  static long binary64(long significand, int exponent) {
    if (significand == 0 || exponent < MIN) {
      return 0;
    }
    if (exponent > MAX) {
      return 0x7ffL << 52;
    }
    return nearest(significand, exponent, 52, -1023, 0x7ff, -4, 23);
  }

  /**
   * The algorithm for any format whose bounds are given.
   *
   * @param fraction bits of the format's significand without the leading one
   * @param bias the exponent that the format writes as 0
   * @param infinite the written exponent of infinity
   * @param firstTie smallest decimal exponent at which the number can lie halfway between two
   * @param lastTie the largest such exponent
   */
  private static long nearest(
      long significand,
      int exponent,
      int fraction,
      int bias,
      int infinite,
      int firstTie,
      int lastTie) {
    int zeros = Long.numberOfLeadingZeros(significand);
    long w = significand << zeros;
    int at = 2 * (exponent - MIN);
    long high = Math.unsignedMultiplyHigh(w, POWERS[at]);
    long low = w * POWERS[at];
    long undecided = -1L >>> (fraction + 3);
    if ((high & undecided) == undecided) {
      long carry = Math.unsignedMultiplyHigh(w, POWERS[at + 1]);
      low += carry;
      if (Long.compareUnsigned(low, carry) < 0) {
        high++;
      }
    }
    int top = (int) (high >>> 63);
    int shift = top + 64 - fraction - 3;
    // One bit more than the format holds; it decides the rounding.
    long mantissa = high >>> shift;
    int binary = ((217_706 * exponent) >> 16) + 63 + top - zeros - bias; // log2(10) * 2^16
    if (binary <= 0) {
      return subnormal(mantissa, 1 - binary);
    }
    if (binary >= infinite) {
      return (long) infinite << fraction;
    }
    if (low >>> 1 == 0 // first, because it is what the processor can foresee
        && exponent >= firstTie
        && exponent <= lastTie
        && (mantissa & 3) == 1
        && mantissa << shift == high) {
      mantissa--; // exactly halfway: to even, which is down
    }
    mantissa = (mantissa + (mantissa & 1)) >>> 1;
    // Rounding up to the next power of two carries into the exponent by itself, up to infinity.
    return mantissa + ((long) (binary - 1) << fraction);
  }

  /** The carry out of the fraction again makes the smallest normal number by itself. */
  private static long subnormal(long mantissa, int lost) {
    if (lost >= 64) {
      return 0;
    }
    long kept = mantissa >>> lost;
    return (kept + (kept & 1)) >>> 1;
  }

  /** Rounded down, but up where the reciprocal's product could otherwise not reach a tie. */
  private static long[] powers() {
    long[] powers = new long[2 * (MAX - MIN + 1)];
    for (int q = MIN; q <= MAX; q++) {
      int up = q >= -27 && q < 0 ? 1 : 0;
      long low = PowersOfFive.low(q) + up;
      powers[2 * (q - MIN)] = PowersOfFive.high(q) + (low == 0 ? up : 0);
      powers[2 * (q - MIN) + 1] = low;
    }
    return powers;
  }
}
