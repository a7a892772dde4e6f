package dev.modelweir.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** The JDK's own conversion gives the expected text; FP16 and BF16 are few enough to try all. */
class ShortestDecimalTest {
  private static final int MANY = 2_000_000;

  private final Random random = new Random(25);
  private final byte[] target = new byte[2 * ShortestDecimal.ROOM];

  @Test
  void writesFloatsAsTheJdkDoes() {
    for (int i = 0; i < MANY; i++) {
      check(Float.intBitsToFloat(random.nextInt()));
      check(random.nextInt(-2000, 2000) / 64f);
    }
    for (int exponent = -149; exponent <= 127; exponent++) {
      float power = Math.scalb(1f, exponent);
      check(power);
      check(-power);
      check(Math.nextUp(power));
      check(Math.nextDown(power));
    }
    for (int bits = 0; bits < 100_000; bits++) {
      check(Float.intBitsToFloat(bits));
      check((float) bits);
    }
    for (int exponent = -45; exponent <= 38; exponent++) {
      check(Float.parseFloat("1e" + exponent));
      check(Float.parseFloat("9.999999e" + exponent));
    }
    check(Float.MAX_VALUE);
  }

  @Test
  void writesDoublesAsTheJdkDoes() {
    for (int i = 0; i < MANY / 2; i++) {
      check(Double.longBitsToDouble(random.nextLong()));
      check(random.nextGaussian());
      check(random.nextInt(-20_000, 20_000) / 100.0);
    }
    for (int exponent = -1074; exponent <= 1023; exponent++) {
      double power = Math.scalb(1.0, exponent);
      check(power);
      check(-power);
      check(Math.nextUp(power));
      check(Math.nextDown(power));
    }
    for (int bits = 0; bits < 100_000; bits++) {
      check(Double.longBitsToDouble(bits));
      check((double) bits);
      check((double) (1L << 53) - bits);
    }
    for (int exponent = -324; exponent <= 308; exponent++) {
      check(Double.parseDouble("1e" + exponent));
      check(Double.parseDouble("9.999999999999999e" + exponent));
    }
    check(Double.MAX_VALUE);
  }

  @Test
  void writesEveryFp16NumberShortestAndExactly() {
    for (int bits = 0; bits < 0x7c00; bits++) {
      int end = ShortestDecimal.fp16((short) bits, target, 0);
      BigDecimal exact = new BigDecimal(Float.float16ToFloat((short) bits));
      checkShortest(text(end), bits, exact, SixteenBits::fp16);
      assertThat(ShortestDecimal.fp16((short) (bits | 0x8000), target, 0)).isEqualTo(end + 1);
    }
  }

  @Test
  void writesEveryBf16NumberShortestAndExactly() {
    for (int bits = 0; bits < 0x7f80; bits++) {
      int end = ShortestDecimal.bf16((short) bits, target, 0);
      BigDecimal exact = new BigDecimal(Float.intBitsToFloat(bits << 16));
      checkShortest(text(end), bits, exact, SixteenBits::bf16);
      assertThat(ShortestDecimal.bf16((short) (bits | 0x8000), target, 0)).isEqualTo(end + 1);
    }
  }

  @Test
  void writesIntegersAsTheJdkDoes() {
    for (int i = 0; i < MANY / 4; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      assertEqual(text(Digits.put(value, target, 0)), Long.toString(value));
      assertEqual(text(Digits.putUnsigned(value, target, 0)), Long.toUnsignedString(value));
    }
    for (long power = 1; power > 0 && power < Long.MAX_VALUE / 10; power *= 10) {
      for (long value : new long[] {power - 1, power, -power, 1 - power}) {
        assertEqual(text(Digits.put(value, target, 0)), Long.toString(value));
        assertEqual(text(Digits.putUnsigned(value, target, 0)), Long.toUnsignedString(value));
      }
    }
    for (long value : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, -1, 0}) {
      assertEqual(text(Digits.put(value, target, 0)), Long.toString(value));
      assertEqual(text(Digits.putUnsigned(value, target, 0)), Long.toUnsignedString(value));
    }
  }

  private void check(float value) {
    if (Float.isFinite(value)) {
      assertEqual(text(ShortestDecimal.fp32(value, target, 0)), Float.toString(value));
    }
  }

  private void check(double value) {
    if (Double.isFinite(value)) {
      assertEqual(text(ShortestDecimal.fp64(value, target, 0)), Double.toString(value));
    }
  }

  /** Reads back as the same, and neither of the two decimals with one digit less around it does. */
  private static void checkShortest(
      String text, int bits, BigDecimal exact, ToIntFunction<JsonNumber> read) {
    if (read(text, read) != bits) {
      assertThat(read(text, read)).as(text).isEqualTo(bits);
    }
    int digits = new BigDecimal(text).stripTrailingZeros().precision();
    if (digits <= 2) {
      return;
    }
    for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
      String shorter = exact.round(new MathContext(digits - 1, mode)).toString();
      if (read(shorter, read) == bits) {
        assertThat(text).isEqualTo(shorter);
      }
    }
  }

  private static int read(String text, ToIntFunction<JsonNumber> read) {
    byte[] body = text.getBytes(StandardCharsets.US_ASCII);
    JsonNumber number = new JsonNumber(body, body.length);
    assertThat(number.scan(0)).isEqualTo(body.length);
    return read.applyAsInt(number);
  }

  private String text(int end) {
    return new String(target, 0, end, StandardCharsets.US_ASCII);
  }

  /** Assertions are too slow for millions. */
  private static void assertEqual(String actual, String expected) {
    if (!actual.equals(expected)) {
      assertThat(actual).isEqualTo(expected);
    }
  }
}
