package dev.modelweir.protocol.rest;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * The JSON number that was scanned last, as {@code ±significand · 10^exponent}, and its value in
 * each numeric datatype, correctly rounded. Reused for all numbers of a request.
 */
final class JsonNumber {
  /** What the fast path may look at: a sign, a digit, a point, three words and what follows. */
  private static final int LOOKAHEAD = 32;

  private static final int MAX_DIGITS = 19;

  /** More than the exact value halfway between two FP16 or BF16 numbers can have. */
  private static final int ENOUGH_DIGITS = 150;

  /** The bits of a double that a float does not have, and what they are halfway between two. */
  private static final long FLOAT_ROUNDS = 0x1fff_ffff;

  private static final long FLOAT_HALFWAY = 0x1000_0000;

  private static final double[] EXACT_POWERS = new double[23];

  static {
    EXACT_POWERS[0] = 1;
    for (int i = 1; i < EXACT_POWERS.length; i++) {
      EXACT_POWERS[i] = 10 * EXACT_POWERS[i - 1]; // exact up to 10^22
    }
  }

  private final byte[] body;

  /** Where JSON ends; the body may go on. */
  private final int limit;

  private int start;
  private int end;
  private int negative;

  /** Unsigned; of no use when the number is long. */
  private long significand;

  private int exponent;

  /** Digits before the point, if there is neither a point nor an exponent; otherwise 0. */
  private int integerDigits;

  /** Whether it has more significant digits than 64 bits surely hold. */
  private boolean isLong;

  JsonNumber(byte[] body, int limit) {
    this.body = body;
    this.limit = limit;
  }

  /**
   * Scans the number that begins at a position.
   *
   * @return where it ends, or -1 when there is no number as JSON has them
   */
  int scan(int from) {
    int end = scanFraction(from);
    return end < 0 ? scanAny(from) : end;
  }

  /**
   * Scans a number of one digit, a point and a fraction, the form that nearly all numbers of
   * tensors have.
   *
   * @return where it ends, or -1 when there is another number or none
   */
  int scanFraction(int from) {
    if (from > limit - LOOKAHEAD) {
      return -1;
    }
    byte[] b = body;
    int minus = (((b[from] & 0xff) ^ '-') - 1) >>> 31;
    int digit = b[from + minus] - '0';
    int fraction = from + minus + 2;
    long word = Digits.word(b, fraction);
    long second = Digits.word(b, fraction + 8);
    int count = Digits.leading(word);
    // How long a number is cannot be foreseen, so there is no branch but for the longest.
    int more = Digits.leading(second) & -(count >>> 3);
    int digits = count + more;
    long w;
    if (digits == 16) {
      long third = Digits.word(b, fraction + 16);
      int rest = Digits.leading(third);
      w = digit * 100_000_000L + Digits.eight(word);
      w = w * 100_000_000 + Digits.eight(second);
      // A word full of digits again has more of them than fit, and is left to the other method.
      w = w * Digits.powerOfTen(rest) + Digits.first(third, rest);
      digits += rest;
    } else {
      w = digit * Digits.powerOfTen(count) + Digits.some(word, count);
      w = w * Digits.powerOfTen(more) + Digits.first(second, more);
    }
    int p = fraction + digits;
    if (digit < 0
        || digit > 9
        || b[fraction - 1] != '.'
        || digits == 0
        || digits + Math.min(digit, 1) > MAX_DIGITS
        || (b[p] | 0x20) == 'e') {
      return -1;
    }
    start = from;
    end = p;
    negative = minus;
    significand = w;
    exponent = -digits;
    integerDigits = 0;
    isLong = false;
    return p;
  }

  /**
   * Scans a number that should be an integer.
   *
   * @return as {@link #scan} does
   */
  int scanInteger(int from) {
    if (from > limit - LOOKAHEAD) {
      return scanAny(from);
    }
    byte[] b = body;
    int minus = (((b[from] & 0xff) ^ '-') - 1) >>> 31;
    int first = from + minus;
    long word = Digits.word(b, first);
    int count = Digits.leading(word);
    int p = first + count;
    byte next = b[p];
    if (count == 0
        || count == 8
        || (count > 1 && b[first] == '0')
        || next == '.'
        || (next | 0x20) == 'e') {
      return scanAny(from);
    }
    start = from;
    end = p;
    negative = minus;
    significand = Digits.first(word, count);
    exponent = 0;
    integerDigits = count;
    isLong = false;
    return p;
  }

  /** The whole grammar, a byte at a time except in long runs of digits. */
  private int scanAny(int from) {
    int p = from;
    negative = at(p) == '-' ? 1 : 0;
    p += negative;
    significand = 0;
    int first = p;
    p = digits(p);
    int whole = p - first;
    if (whole == 0 || (whole > 1 && body[first] == '0')) {
      return -1;
    }
    int digits = whole;
    int fraction = 0;
    boolean integer = true;
    if (at(p) == '.') {
      integer = false;
      int begin = p + 1;
      p = digits(begin);
      fraction = p - begin;
      if (fraction == 0) {
        return -1;
      }
      digits += fraction;
    }
    long power = 0;
    int mark = at(p);
    if (mark == 'e' || mark == 'E') {
      integer = false;
      p++;
      int sign = at(p);
      if (sign == '-' || sign == '+') {
        p++;
      }
      int begin = p;
      for (; isDigit(at(p)); p++) {
        power = Math.min(power * 10 + (body[p] - '0'), Integer.MAX_VALUE);
      }
      if (p == begin) {
        return -1;
      }
      power = sign == '-' ? -power : power;
    }
    isLong = digits > MAX_DIGITS && digits - leadingZeros(first) > MAX_DIGITS;
    // Far outside every datatype's range either way, so that cutting changes nothing.
    exponent = Math.clamp(power - fraction, -1_000_000_000, 1_000_000_000);
    integerDigits = integer ? whole : 0;
    start = from;
    end = p;
    return p;
  }

  private int digits(int from) {
    int p = from;
    long w = significand;
    while (p <= limit - Long.BYTES) {
      long word = Digits.word(body, p);
      int count = Digits.leading(word);
      if (count < 8) {
        significand = w * Digits.powerOfTen(count) + Digits.first(word, count);
        return p + count;
      }
      w = w * 100_000_000 + Digits.eight(word);
      p += 8;
    }
    for (; isDigit(at(p)); p++) {
      w = w * 10 + (body[p] - '0');
    }
    significand = w;
    return p;
  }

  /** How many zeros come before the first significant digit. */
  private int leadingZeros(int from) {
    int zeros = 0;
    for (int p = from; p < limit && (body[p] == '0' || body[p] == '.'); p++) {
      zeros += body[p] == '0' ? 1 : 0;
    }
    return zeros;
  }

  private int at(int p) {
    return p < limit ? body[p] : -1;
  }

  private static boolean isDigit(int b) {
    return b >= '0' && b <= '9';
  }

  /** Whether it is written without point and exponent. */
  boolean isInteger() {
    return integerDigits > 0;
  }

  /** Whether it is an integer from min to max, which {@link #integer} then tells. */
  boolean isWithin(long min, long max) {
    if (integerDigits == 0 || integerDigits > MAX_DIGITS) {
      return false;
    }
    // 19 digits may need the 64th bit, which no signed number has but the smallest.
    if (significand < 0 && (negative == 0 || significand != Long.MIN_VALUE)) {
      return false;
    }
    return integer() >= min && integer() <= max;
  }

  long integer() {
    return negative == 0 ? significand : -significand;
  }

  /** Whether it is an integer that 64 bits without sign hold, which {@link #integer} then tells. */
  boolean isUnsignedLong() {
    if (integerDigits == 0 || (negative == 1 && (significand != 0 || integerDigits > 1))) {
      return false;
    }
    // Twenty digits below 2^64 begin with 1; what overflows wraps to less than 10^19.
    return integerDigits <= MAX_DIGITS
        || (integerDigits == MAX_DIGITS + 1
            && body[start] == '1'
            && Long.compareUnsigned(significand, Digits.powerOfTen(MAX_DIGITS)) >= 0);
  }

  /** The nearest float; infinite when the number is out of range. */
  float fp32() {
    if (isLong) {
      return Float.parseFloat(text());
    }
    if (significand >= 0 && exponent >= -22 && exponent <= 22) {
      // Off by two roundings at most, which the one to a float hides unless it is close to halfway.
      double value = quotient();
      long rest = Double.doubleToRawLongBits(value) & FLOAT_ROUNDS;
      if (Math.abs(rest - FLOAT_HALFWAY) > 4) {
        return (float) value;
      }
    }
    int bits = EiselLemire.binary32(significand, exponent);
    return Float.intBitsToFloat(bits | (negative << 31));
  }

  /** The nearest double; infinite when the number is out of range. */
  double fp64() {
    return isLong ? Double.parseDouble(text()) : shortFp64();
  }

  /** The same for a number that is not long, such as {@link #scanFraction} reads. */
  double shortFp64() {
    if (isExact()) {
      return quotient();
    }
    long bits = EiselLemire.binary64(significand, exponent);
    return Double.longBitsToDouble(bits | ((long) negative << 63));
  }

  /**
   * Whether {@link #quotient} is the nearest double (Clinger's fast path): both operands are exact,
   * so the one rounding is the right one. They are up to 2^53, in the midst of the numbers of 16
   * digits; here, all of those that come from doubles go the same way, which spares the processor
   * wrong guesses.
   */
  private boolean isExact() {
    return significand >>> 50 == 0 && exponent >= -22 && exponent <= 22;
  }

  private double quotient() {
    double value =
        exponent < 0 ? significand / EXACT_POWERS[-exponent] : significand * EXACT_POWERS[exponent];
    return Double.longBitsToDouble(Double.doubleToRawLongBits(value) | ((long) negative << 63));
  }

  boolean isNegative() {
    return negative == 1;
  }

  /** Compares the number without its sign to a value of at most {@link #ENOUGH_DIGITS} digits. */
  int compareMagnitude(double value) {
    StringBuilder digits = new StringBuilder(ENOUGH_DIGITS);
    int dropped = 0;
    boolean more = false;
    for (int p = start; p < end && (body[p] | 0x20) != 'e'; p++) {
      byte b = body[p];
      if (!isDigit(b) || (b == '0' && digits.isEmpty())) {
        continue;
      }
      if (digits.length() < ENOUGH_DIGITS) {
        digits.append((char) b);
      } else {
        dropped++;
        more |= b != '0';
      }
    }
    BigDecimal kept = new BigDecimal(new BigInteger(digits.toString()), -(exponent + dropped));
    int side = kept.compareTo(new BigDecimal(value));
    return side == 0 && more ? 1 : side;
  }

  private String text() {
    return new String(body, start, end - start, StandardCharsets.ISO_8859_1);
  }
}
