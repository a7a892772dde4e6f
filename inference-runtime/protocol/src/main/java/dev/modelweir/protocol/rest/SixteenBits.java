package dev.modelweir.protocol.rest;

/** Rounds JSON numbers to the formats of 16 bits. */
final class SixteenBits {
  private SixteenBits() {}

  /** The bits of the nearest FP16 number, or -1 when the number is out of range. */
  static int fp16(JsonNumber number) {
    return nearest(number, 10, -14, 0x1f);
  }

  /** The bits of the nearest BF16 number, or -1 when the number is out of range. */
  static int bf16(JsonNumber number) {
    return nearest(number, 7, -126, 0xff);
  }

  /**
   * Rounds by way of the nearest double, which lies on the same side of every halfway point as the
   * number itself, or on the point; only then the digits are looked at again.
   *
   * @param fraction bits of the significand without the leading one
   * @param smallest exponent of the smallest normal number
   * @param infinite the written exponent of infinity
   */
  private static int nearest(JsonNumber number, int fraction, int smallest, int infinite) {
    double magnitude = Math.abs(number.fp64());
    int binary = Math.max(Math.getExponent(magnitude), smallest);
    if (binary > -smallest + 1) {
      return -1;
    }
    double units = Math.scalb(magnitude, fraction - binary);
    double rounded = Math.rint(units);
    if (Math.abs(units - rounded) == 0.5) {
      int side = number.compareMagnitude(magnitude);
      rounded = side < 0 ? Math.floor(units) : side > 0 ? Math.ceil(units) : rounded;
    }
    // Rounding up to the next power of two carries into the exponent by itself.
    int bits = ((binary - smallest) << fraction) + (int) rounded;
    if (bits >= infinite << fraction) {
      return -1;
    }
    return number.isNegative() ? bits | 0x8000 : bits;
  }
}
