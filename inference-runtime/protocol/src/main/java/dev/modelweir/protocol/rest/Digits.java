package dev.modelweir.protocol.rest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of text at a time (SWAR): in a word read little-endian the first byte is the lowest.
 */
final class Digits {
  static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private static final long ZEROS = 0x3030_3030_3030_3030L;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long[] POWERS_OF_TEN = new long[20];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
    }
  }

  private Digits() {}

  /** 10^exponent up to 10^19, which is unsigned. */
  static long powerOfTen(int exponent) {
    return POWERS_OF_TEN[exponent];
  }

  static long word(byte[] bytes, int at) {
    return (long) WORD.get(bytes, at);
  }

  static void putWord(byte[] bytes, int at, long word) {
    WORD.set(bytes, at, word);
  }

  /** How many of the word's first bytes are digits before the first that is none; 8 if all are. */
  static int leading(long word) {
    // A carry or borrow only ever comes out of a byte that is no digit itself.
    long others = ((word + 0x4646_4646_4646_4646L) | (word - ZEROS)) & HIGH_BITS;
    return Long.numberOfTrailingZeros(others) >>> 3;
  }

  /** Each byte's value where it is a digit, and more than 9 where it is none. */
  static long values(long word) {
    return word ^ ZEROS;
  }

  /**
   * The lowest bit of each byte that is no digit's value, and of any behind the first such; 0 when
   * all are.
   */
  static long others(long values) {
    // A carry only ever comes out of a byte that is no digit itself.
    return (((values + 0x7676_7676_7676_7676L) | values) & HIGH_BITS) >>> 7;
  }

  /** All bits of the bytes before the first of {@link #others}. */
  static long before(long others) {
    return (others - 1) & ~others;
  }

  /** The value of eight digits. */
  static long eight(long word) {
    return value(word - ZEROS);
  }

  /** The value of the word's first digits, of which there are fewer than eight; 0 for none. */
  static long first(long word, int count) {
    // Two shifts, because one by 64 would do nothing.
    return value(((word - ZEROS) << (56 - 8 * count)) << 8);
  }

  /** The value of the word's first digits, of which there is at least one. */
  static long some(long word, int count) {
    return value((word - ZEROS) << (64 - 8 * count));
  }

  /** Of eight bytes from 0 to 9: pairs first, then fours, then all. */
  static long value(long digits) {
    long pairs = digits * 10 + (digits >>> 8);
    long mask = 0x0000_00ff_0000_00ffL;
    return ((pairs & mask) * (100 + (1_000_000L << 32))
            + ((pairs >>> 16) & mask) * (1 + (10_000L << 32)))
        >>> 32;
  }

  /** Eight bytes from 0 to 9, leading zeros included, of a number below 10^8. */
  static long split(int number) {
    long fours = (number / 10_000) | ((long) (number % 10_000) << 32);
    long hundreds = ((fours * 10_486) >>> 20) & 0x0000_007f_0000_007fL;
    long pairs = hundreds | ((fours - 100 * hundreds) << 16);
    long tens = ((pairs * 103) >>> 10) & 0x000f_000f_000f_000fL;
    return tens | ((pairs - 10 * tens) << 8);
  }

  /** The digits of {@link #split} as text. */
  static long text(long split) {
    return split | ZEROS;
  }

  /** Writes an integer and returns where it ends; up to 8 bytes behind may be touched. */
  static int put(long value, byte[] target, int at) {
    target[at] = '-';
    return value < 0 ? putUnsigned(-value, target, at + 1) : putUnsigned(value, target, at);
  }

  /** Writes an integer of 64 bits without sign, as {@link #put} does. */
  static int putUnsigned(long value, byte[] target, int at) {
    if (value >= 0 && value < 100_000_000) {
      long split = split((int) value);
      int skipped = Math.min(Long.numberOfTrailingZeros(split) >>> 3, 7);
      putWord(target, at, text(split) >>> (8 * skipped));
      return at + 8 - skipped;
    }
    long head = Long.divideUnsigned(value, 100_000_000);
    int p = putUnsigned(head, target, at);
    putWord(target, p, text(split((int) (value - head * 100_000_000))));
    return p + 8;
  }
}
