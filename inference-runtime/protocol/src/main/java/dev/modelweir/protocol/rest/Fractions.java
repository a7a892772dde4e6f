package dev.modelweir.protocol.rest;

import java.nio.ByteBuffer;

/**
 * Reads FP32 numbers in the form that nearly all numbers of tensors have, a digit, a point and a
 * fraction, as long as one comes after the other. A large tensor in JSON costs as much as this loop
 * does: where a number ends is found without knowing whether it has a sign, because all that comes
 * later waits for that, and there is no branch but on what no such number has.
 */
final class Fractions {
  /** Three words of a number, and one with what follows. */
  private static final int LOOKAHEAD = 4 * Long.BYTES;

  private static final int DIGIT_AND_POINT = '.' << 8 | '0';
  private static final int COMMA_AND_SPACE = ' ' << 8 | ',';

  /** Of the last digit of two words, which hold one digit more where there is no sign. */
  private static final double[] UNITS = {1e-14, -1e-13};

  /** The bits of a double that a float does not have, and what they are halfway between two. */
  private static final int FLOAT_ROUNDS = 0x1fff_ffff;

  private static final int FLOAT_HALFWAY = 0x1000_0000;

  /**
   * At this distance from halfway, in units of the double's last place, a value is on the side that
   * the number is on. It is off by two units, because its unit and the product are rounded, and by
   * what the digits beyond the second word are worth: less than 1 in the significand, which is less
   * than 2^19 units where the significand is large.
   */
  private static final int TOLERANCE = 1 << 20;

  private static final long LARGE = 1L << 34;

  private Fractions() {}

  /**
   * Reads from the position on, and goes to the first number that is not read: it has another form,
   * has no comma behind it, is too close to the end of the JSON or to the middle of two floats.
   *
   * @return how many were read, up to so many
   */
  static int read(JsonScanner json, ByteBuffer data, int most) {
    byte[] body = json.body();
    int last = json.limit() - LOOKAHEAD;
    int at = json.position();
    int begin = data.position();
    int put = begin;
    int stop = begin + most * Float.BYTES;
    while (put < stop && at <= last) {
      long text = Digits.word(body, at);
      // The first three bytes, of which a sign may be one, are checked further below.
      long first = Digits.values(text);
      long second = Digits.values(Digits.word(body, at + 8));
      long third = Digits.values(Digits.word(body, at + 16));
      long others = Digits.others(first & ~0xff_ffffL);
      long othersOfSecond = Digits.others(second);
      long kept = Digits.before(others);
      long whole = kept >> 63;
      long keptOfSecond = Digits.before(othersOfSecond) & whole;
      int more = Long.numberOfTrailingZeros(othersOfSecond) & (int) whole;
      int rest = Long.numberOfTrailingZeros(Digits.others(third)) & (int) (keptOfSecond >> 63);
      int end = at + ((Long.numberOfTrailingZeros(others) + more + rest) >>> 3);

      int minus = ((((int) text & 0xff) ^ '-') - 1) >>> 31;
      int sign = minus * Byte.SIZE;
      int head = (int) (text >>> sign);
      int digit = (head & 0xffff) - DIGIT_AND_POINT;
      int firstOfFraction = ((head >>> 16) & 0xff) - '0';
      // The digit goes to the place of the point.
      long digits = ((((first & kept) >>> sign) & ~0xffffL) | ((long) digit << 8)) << sign;
      long significand = Digits.value(digits) * 100_000_000 + Digits.value(second & keptOfSecond);
      double value = significand * UNITS[minus];
      int low = (int) Double.doubleToRawLongBits(value) & FLOAT_ROUNDS;
      int after = (int) Digits.word(body, end) & 0xffff;
      if (Integer.compareUnsigned(digit, 9) > 0
          || Integer.compareUnsigned(firstOfFraction, 9) > 0
          || Math.abs(low - FLOAT_HALFWAY) <= TOLERANCE
          || (significand < LARGE && rest > 0)) {
        break;
      }
      if (after == COMMA_AND_SPACE) {
        at = end + 2;
      } else if ((after & 0xff) == ',') {
        at = end + 1;
      } else {
        break;
      }
      data.putFloat(put, (float) value);
      put += Float.BYTES;
    }
    json.moveTo(at);
    data.position(put);
    return (put - begin) / Float.BYTES;
  }
}
