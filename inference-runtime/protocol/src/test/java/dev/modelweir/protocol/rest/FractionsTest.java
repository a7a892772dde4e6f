package dev.modelweir.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the quick loop reads is what the JDK reads, and what it may not read it leaves. */
class FractionsTest {
  private static final int MANY = 200_000;

  private final Random random = new Random(20_261_129);

  @Test
  void readsNearlyAllNumbersOfTensors() {
    checkMostly(i -> Float.toString((float) random.nextGaussian()));
    checkMostly(i -> Double.toString((float) random.nextGaussian()));
    checkMostly(i -> Double.toString(random.nextGaussian()));
    checkMostly(i -> Double.toString(random.nextFloat()));
    checkMostly(i -> String.format(Locale.ROOT, "%.6f", random.nextDouble(-9.9, 9.9)));
    checkMostly(i -> String.format(Locale.ROOT, "%.1f", random.nextDouble(-9.9, 9.9)));
    checkMostly(i -> i % 3 == 0 ? "0.0" : i % 3 == 1 ? "-0.0" : "1.0");
  }

  @Test
  void roundsRightAtAnyNumberOfDigits() {
    check(i -> sign() + random.nextInt(10) + "." + digits(random.nextInt(1, 26)));
    check(i -> sign() + "0." + "0".repeat(random.nextInt(16)) + digits(random.nextInt(1, 12)));
    check(i -> sign() + "0.00" + digits(random.nextInt(1, 24)));
  }

  /** Decimals of any length just below, above, or in the middle. */
  @Test
  void roundsRightNearTheMiddleOfTwoFloats() {
    check(i -> {
      float value = Math.abs(i % 2 == 0 ? random.nextFloat(10) : (float) random.nextGaussian());
      value = value < 10 ? value : 1;
      BigDecimal middle =
          new BigDecimal(value)
              .add(new BigDecimal(Math.nextDown(value)))
              .divide(BigDecimal.TWO)
              .abs();
      BigDecimal near =
          middle.setScale(
              random.nextInt(7, 24), random.nextBoolean() ? RoundingMode.DOWN : RoundingMode.UP);
      return sign() + (i % 5 == 0 ? middle : near).toPlainString();
    });
  }

  /** The value is judged by its first digits where it has more than are looked at. */
  @Test
  void roundsRightWhereOnlyDigitsBeyondTheSecondWordDecide() {
    check(i -> {
      float value = random.nextFloat(0.01f, 2);
      BigDecimal middle =
          new BigDecimal(value)
              .add(new BigDecimal(Math.nextUp(value)))
              .divide(BigDecimal.TWO)
              .round(new MathContext(random.nextInt(13, 17), RoundingMode.DOWN));
      return sign() + middle.toPlainString() + digits(random.nextInt(1, 7));
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "--1.5",
        "+1.5",
        ".5",
        "-.5",
        "1.",
        "-1.",
        "1,5",
        "01.5",
        "-01.5",
        "12.5",
        "1.5e3",
        "1.5E-3",
        "1.5.5",
        "1.5-",
        "1.5 5",
        "a.5",
        "1.a",
        "-1.a",
        "1.12345a",
        "1.1234567890123a",
        "1.12345678901234567a",
        "[1.5",
        "\"1.5\"",
        "1.5]",
        "null",
        "/.5",
        ":.5",
        "1./",
        "1.:",
        "1.123456789012345678901234567890",
        " 1.5",
        "1\u00b25",
        "1.5\u00b2"
      })
  void leavesEverythingElse(String text) {
    byte[] body = (text + ",1.5,".repeat(20)).getBytes(StandardCharsets.ISO_8859_1);
    JsonScanner json = new JsonScanner(body, body.length);

    assertThat(Fractions.read(json, ByteBuffer.allocate(400), 100)).isZero();
    assertThat(json.position()).isZero();
  }

  @Test
  void readsNoMoreThanWanted() {
    byte[] body = "1.5, -2.5,3.5, ".repeat(10).getBytes(StandardCharsets.US_ASCII);
    JsonScanner json = new JsonScanner(body, body.length);
    ByteBuffer data = ByteBuffer.allocate(12);

    assertThat(Fractions.read(json, data, 2)).isEqualTo(2);
    assertThat(json.position()).isEqualTo(10);
    assertThat(Fractions.read(json, data, 1)).isEqualTo(1);
    assertThat(json.position()).isEqualTo(15);
    assertThat(data.flip().asFloatBuffer()).isEqualTo(floats(1.5f, -2.5f, 3.5f));
  }

  @Test
  void looksAtNothingBehindTheJson() {
    byte[] body = "1.5,".repeat(20).getBytes(StandardCharsets.US_ASCII);
    JsonScanner json = new JsonScanner(body, 40);

    assertThat(Fractions.read(json, ByteBuffer.allocate(400), 100)).isBetween(1, 9);
    assertThat(json.position()).isBetween(4, 36);
  }

  private void checkMostly(IntFunction<String> texts) {
    assertThat(check(texts)).isGreaterThan(MANY * 97 / 100);
  }

  /** Reads all numbers, those that the loop leaves by the general way; returns how many it read. */
  private int check(IntFunction<String> texts) {
    StringBuilder all = new StringBuilder();
    float[] expected = new float[MANY];
    for (int i = 0; i < MANY; i++) {
      String text = texts.apply(i);
      expected[i] = Float.parseFloat(text);
      all.append(text).append(i % 7 == 0 ? "," : ", ");
    }
    byte[] body = all.append("0").toString().getBytes(StandardCharsets.US_ASCII);
    JsonScanner json = new JsonScanner(body, body.length);
    ByteBuffer data = ByteBuffer.allocate(MANY * Float.BYTES);
    int quick = 0;
    while (true) {
      quick += Fractions.read(json, data, data.remaining() / Float.BYTES);
      if (!data.hasRemaining()) {
        break;
      }
      JsonNumber number = json.numberIfNext();
      assertThat(number).as("a number at %d", json.position()).isNotNull();
      data.putFloat(number.fp32());
      assertThat(json.nextElement()).isTrue();
    }
    data.flip();
    for (int i = 0; i < MANY; i++) {
      float read = data.getFloat();
      // Bits, because 0 and -0 are equal; compared by hand, because assertions are slow.
      if (Float.floatToRawIntBits(read) != Float.floatToRawIntBits(expected[i])) {
        assertThat(read).as(texts.toString() + " number " + i).isEqualTo(expected[i]);
      }
    }
    return quick;
  }

  private static FloatBuffer floats(float... values) {
    return FloatBuffer.wrap(values);
  }

  private String sign() {
    return random.nextBoolean() ? "-" : "";
  }

  private String digits(int count) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < count; i++) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return digits.toString();
  }
}
