package dev.modelweir.protocol.rest;

/**
 * Writes a binary number as the shortest decimal that reads back as the same, of two digits or
 * more, and among those the closest: Giulietti, "The Schubfach way to render doubles", 2020, as
 * {@link Double#toString(double)} does. FP16 and BF16 follow from the same algorithm with smaller
 * significands, each shortest for its own format.
 */
final class ShortestDecimal {
  /** Bytes that writing one number may touch. */
  static final int ROOM = 40;

  private static final int MIN_POWER = -292;

  /**
   * 10^p by its leading 126 bits, rounded up, as two numbers of 63 bits; all products with
   * significands of 55 bits are then close enough to tell which side of an integer they are on.
   */
  private static final long[] POWERS = powers();

  /** Smaller significands need a second digit, which comes from writing ten times the number. */
  private static final int DOUBLE_TINY = 3;

  private static final long POINT_ZEROS = 0x3030_3030_3030_2e30L; // 0.000000

  private ShortestDecimal() {}

  /** Writes a finite float and returns where it ends. */
  static int fp32(float value, byte[] target, int at) {
    int bits = Float.floatToRawIntBits(value);
    return small(bits < 0, bits & 0x7fff_ffff, 23, -149, 8, target, at);
  }

  /** Writes the finite FP16 number with these bits and returns where it ends. */
  static int fp16(short bits, byte[] target, int at) {
    return small(bits < 0, bits & 0x7fff, 10, -24, 2, target, at);
  }

  /** Writes the finite BF16 number with these bits and returns where it ends. */
  static int bf16(short bits, byte[] target, int at) {
    return small(bits < 0, bits & 0x7fff, 7, -133, 2, target, at);
  }

  /** Writes a finite double and returns where it ends. */
  static int fp64(double value, byte[] target, int at) {
    long bits = Double.doubleToRawLongBits(value);
    int p = sign(bits < 0, target, at);
    long fraction = bits & ((1L << 52) - 1);
    int written = (int) (bits >>> 52) & 0x7ff;
    if (written == 0 && fraction == 0) {
      return zero(target, p);
    }
    long significand = written == 0 ? fraction : fraction | (1L << 52);
    int exponent = Math.max(written, 1) - 1075;
    if (exponent < 0 && exponent > -53) {
      long whole = significand >>> -exponent;
      if (whole << -exponent == significand) {
        return doubleDigits(whole, 0, target, p);
      }
    }
    boolean regular = fraction != 0 || written <= 1;
    int power = regular ? log10(exponent) : log10ThreeQuarters(exponent);
    if (significand < DOUBLE_TINY) {
      return doubleDigits(
          doubleDecimal(10 * significand, exponent, true, power), power - 1, target, p);
    }
    return doubleDigits(doubleDecimal(significand, exponent, regular, power), power, target, p);
  }

  /**
   * Writes a number of any format up to FP32.
   *
   * @param fractionBits bits of the significand behind its leading one
   * @param smallest exponent of the least significant bit of subnormal numbers
   * @param tiny like {@link #DOUBLE_TINY}
   */
  private static int small(
      boolean negative, int bits, int fractionBits, int smallest, int tiny, byte[] target, int at) {
    int p = sign(negative, target, at);
    if (bits == 0) {
      return zero(target, p);
    }
    int fraction = bits & ((1 << fractionBits) - 1);
    int written = bits >>> fractionBits;
    int significand = written == 0 ? fraction : fraction | (1 << fractionBits);
    int exponent = Math.max(written, 1) - 1 + smallest;
    if (exponent < 0 && exponent >= -fractionBits) {
      int whole = significand >>> -exponent;
      if (whole << -exponent == significand) {
        return floatDigits(whole, 0, target, p);
      }
    }
    boolean regular = fraction != 0 || written <= 1;
    int power = regular ? log10(exponent) : log10ThreeQuarters(exponent);
    if (significand < tiny) {
      return floatDigits(
          floatDecimal(10 * significand, exponent, true, power), power - 1, target, p);
    }
    return floatDigits(floatDecimal(significand, exponent, regular, power), power, target, p);
  }

  private static int sign(boolean negative, byte[] target, int at) {
    target[at] = '-';
    return at + (negative ? 1 : 0);
  }

  private static int zero(byte[] target, int at) {
    Digits.putWord(target, at, POINT_ZEROS);
    return at + 3;
  }

  /** The decimal significand, which times 10^power is the shortest; section 9 of the paper. */
  private static long doubleDecimal(long significand, int exponent, boolean regular, int power) {
    int shift = exponent + log2OfPowerOfTen(-power) + 2;
    int at = 2 * (-power - MIN_POWER);
    long high = POWERS[at];
    long low = POWERS[at + 1];
    long four = significand << 2;
    long value = product(high, low, four << shift);
    long least = product(high, low, (four - (regular ? 2 : 1)) << shift);
    long greatest = product(high, low, (four + 2) << shift);
    return shortest(value, least + (significand & 1), greatest - (significand & 1));
  }

  /** The same with one multiplication of 64 bits, which is enough for 24 bits of significand. */
  private static int floatDecimal(int significand, int exponent, boolean regular, int power) {
    int shift = exponent + log2OfPowerOfTen(-power) + 33;
    long high = POWERS[2 * (-power - MIN_POWER)] + 1;
    long four = (long) significand << 2;
    long value = product(high, four << shift);
    long least = product(high, (four - (regular ? 2 : 1)) << shift);
    long greatest = product(high, (four + 2) << shift);
    return (int) shortest(value, least + (significand & 1), greatest - (significand & 1));
  }

  /**
   * The decimal for a number between the least and the greatest that read back as the same, all
   * given times four and rounded to odd. Which case it is no processor can foresee, so there are no
   * branches: conditions are signs, spread over all bits.
   */
  private static long shortest(long value, long least, long greatest) {
    long down = value >>> 2;
    // Without a digit less: the closer of two, the even one of equals; below a power of two, where
    // the numbers lie closer, the lower one may be another number's.
    long pastMiddle = (down << 2) + 2 - value - (down & 1);
    long downMisses = (down << 2) - least;
    long closest = down - ((pastMiddle | downMisses) >> 63);
    // With a digit less, if that fits on exactly one side and two digits are left.
    long tenDown = down / 10 * 10;
    long tenDownMisses = (tenDown << 2) - least;
    long tenUpMisses = greatest - ((tenDown + 10) << 2);
    long shorter = tenDown + (10 & (tenDownMisses >> 63));
    long isShorter = ((tenDownMisses ^ tenUpMisses) & (99 - down)) >> 63;
    return closest ^ ((closest ^ shorter) & isShorter);
  }

  /** The product's bits from 127 on, the last one set if any below is: rounded to odd. */
  private static long product(long high, long low, long factor) {
    long carry = Math.multiplyHigh(low, factor);
    long middle = ((high * factor) >>> 1) + carry;
    long top = Math.multiplyHigh(high, factor) + (middle >>> 63);
    return top | (((middle & Long.MAX_VALUE) + Long.MAX_VALUE) >>> 63);
  }

  /** The same from bit 95 on. */
  private static long product(long high, long factor) {
    long top = Math.multiplyHigh(high, factor);
    return (top >>> 31) | (((top & 0x7fff_ffffL) + 0x7fff_ffffL) >>> 31);
  }

  /** Rounded down: log10(2^e). */
  private static int log10(int e) {
    return (int) ((e * 661_971_961_083L) >> 41);
  }

  /** Rounded down: log10(3/4 · 2^e). */
  private static int log10ThreeQuarters(int e) {
    return (int) ((e * 661_971_961_083L - 274_743_187_321L) >> 41);
  }

  /** Rounded down: log2(10^e). */
  private static int log2OfPowerOfTen(int e) {
    return (int) ((e * 913_124_641_741L) >> 38);
  }

  private static int doubleDigits(long digits, int power, byte[] target, int at) {
    int length = length(digits);
    long all = digits * Digits.powerOfTen(17 - length);
    long head = all / 100_000_000;
    long middle = Digits.split((int) (head % 100_000_000));
    long last = Digits.split((int) (all % 100_000_000));
    int count =
        last != 0
            ? 17 - (Long.numberOfLeadingZeros(last) >>> 3)
            : 9 - (Long.numberOfLeadingZeros(middle) >>> 3);
    return layOut((int) (head / 100_000_000), middle, last, count, power + length, target, at);
  }

  private static int floatDigits(int digits, int power, byte[] target, int at) {
    int length = length(digits);
    int all = digits * (int) Digits.powerOfTen(9 - length);
    long middle = Digits.split(all % 100_000_000);
    int count = 9 - (Long.numberOfLeadingZeros(middle) >>> 3);
    return layOut(all / 100_000_000, middle, 0, count, power + length, target, at);
  }

  private static int length(long digits) {
    int length = log10(64 - Long.numberOfLeadingZeros(digits));
    // One more if it is not below that power of ten; a sign again instead of a branch.
    return length - (int) ((Digits.powerOfTen(length) - 1 - digits) >> 63);
  }

  /**
   * Writes {@code 0.digits · 10^exponent}, plainly from 10^-3 up to 10^7 and with an exponent
   * otherwise.
   *
   * @param first the first digit; eight more are in each of middle and last
   * @param count digits without the zeros at the end
   */
  private static int layOut(
      int first, long middle, long last, int count, int exponent, byte[] target, int at) {
    // Later writes go over what earlier ones left; nothing is read back, which would be slow.
    long digits = Digits.text(first | (middle << 8));
    if (exponent > -3 && exponent <= 0) {
      Digits.putWord(target, at, POINT_ZEROS);
      int begin = at + 2 - exponent;
      Digits.putWord(target, begin, digits);
      Digits.putWord(target, begin + 1, Digits.text(middle));
      Digits.putWord(target, begin + 9, Digits.text(last));
      return begin + count;
    }
    Digits.putWord(target, at + 2, Digits.text(middle));
    Digits.putWord(target, at + 10, Digits.text(last));
    if (exponent > 0 && exponent <= 7) {
      int place = 8 * exponent;
      long before = digits & ((1L << place) - 1);
      long after = (digits << 8) & (-256L << place);
      Digits.putWord(target, at, before | ((long) '.' << place) | after);
      return at + Math.max(count, exponent + 1) + 1;
    }
    target[at] = (byte) digits;
    target[at + 1] = '.';
    int p = at + Math.max(count, 2) + 1;
    target[p++] = 'E';
    return Digits.put(exponent - 1, target, p);
  }

  private static long[] powers() {
    long[] powers = new long[2 * (PowersOfFive.MAX - MIN_POWER + 1)];
    for (int p = MIN_POWER; p <= PowersOfFive.MAX; p++) {
      int at = 2 * (p - MIN_POWER);
      long high = PowersOfFive.high(p);
      long low = (((high & 1) << 62) | (PowersOfFive.low(p) >>> 2)) + 1;
      powers[at] = (high >>> 1) + (low >>> 63);
      powers[at + 1] = low & Long.MAX_VALUE;
    }
    return powers;
  }
}
