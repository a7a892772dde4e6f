package dev.modelweir.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every number against the JDK's own conversion, or against exact arithmetic. */
class JsonNumberTest {
  private static final int MANY = 80_000;

  private final Random random = new Random(20_261_125);

  @Test
  void readsFloatsAsProgramsWriteThem() {
    check(MANY, i -> Float.toString(anyFloat()));
    check(MANY, i -> Double.toString(anyFloat()));
    check(MANY, i -> Double.toString(random.nextFloat()));
    check(MANY, i -> Double.toString(random.nextGaussian()));
    check(MANY, i -> Double.toString(anyDouble()));
    check(
        MANY, i -> new BigDecimal(random.nextGaussian() * 1e-3).round(digits(17)).toPlainString());
    check(MANY, i -> String.format(Locale.ROOT, "%d.%d", random.nextInt(256), random.nextInt(100)));
  }

  @Test
  void readsAnySignificandWithAnyExponent() {
    check(MANY, i -> significand() + "e" + random.nextInt(-360, 330));
    check(MANY, i -> significand() + "E" + (random.nextBoolean() ? "+" : "") + random.nextInt(40));
    check(MANY, i -> significand() + "e-" + random.nextInt(70));
    check(MANY, i -> "0." + "0".repeat(random.nextInt(30)) + significand());
    check(MANY, i -> random.nextInt(10) + "." + significand() + "e00" + random.nextInt(9));
  }

  @Test
  void readsNumbersOfManyDigits() {
    check(20_000, i -> new BigInteger(random.nextInt(1, 400), random).toString());
    check(20_000, i -> "0." + new BigInteger(random.nextInt(1, 1200), random));
    check(20_000, i -> "0." + "0".repeat(random.nextInt(400)) + significand() + significand());
    check(1, i -> "0." + "0".repeat(1_000_000) + "1e1000001");
    check(1, i -> "1" + "0".repeat(1_000_000) + "e-1000000");
  }

  /** Where a number lies between two neighbours, the last digit decides. */
  @Test
  void readsNumbersNearTheMiddleOfTwoFloats() {
    check(MANY, i -> nearMiddle(anyFloat()));
  }

  @Test
  void readsNumbersNearTheMiddleOfTwoDoubles() {
    check(
        MANY / 8,
        i -> {
          double value = Math.abs(i % 3 == 0 ? random.nextGaussian() : anyDouble());
          BigDecimal next = new BigDecimal(Math.nextDown(value));
          return around(new BigDecimal(value).add(next).divide(BigDecimal.TWO));
        });
  }

  @Test
  void readsTheEdgesOfBothFormats() {
    for (BigDecimal edge :
        new BigDecimal[] {
          new BigDecimal(Float.MAX_VALUE).add(BigDecimal.TWO.pow(103)), // half an ulp
          new BigDecimal(Double.MAX_VALUE).add(BigDecimal.TWO.pow(970)),
          new BigDecimal(Float.MIN_VALUE).divide(BigDecimal.TWO),
          new BigDecimal(Double.MIN_VALUE).divide(BigDecimal.TWO),
          new BigDecimal(Float.MIN_NORMAL),
          new BigDecimal(Double.MIN_NORMAL)
        }) {
      check(5_000, i -> around(edge));
    }
    for (String text : new String[] {"0", "-0", "0.0", "-0.0", "0e5", "-0e-999999999999"}) {
      check(1, i -> text);
    }
    check(1, i -> "1e99999999999999999999");
    check(1, i -> "1e-99999999999999999999");
    check(1, i -> "0.0e99999999999999999999");
  }

  /**
   * Rounding is right everywhere if it is right around every place where the result changes: those
   * between all pairs of neighbours.
   */
  @Test
  void roundsToFp16AroundEveryMiddle() {
    checkEveryMiddle(
        0x7c00, bits -> new BigDecimal(Float.float16ToFloat((short) bits)), SixteenBits::fp16);
  }

  @Test
  void roundsToBf16AroundEveryMiddle() {
    checkEveryMiddle(
        0x7f80, bits -> new BigDecimal(Float.intBitsToFloat(bits << 16)), SixteenBits::bf16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        ".5",
        "-.5",
        "1.",
        "1.e5",
        "1e",
        "1e+",
        "01",
        "-01",
        "00",
        "NaN",
        "Infinity",
        "a",
        "٣"
      })
  void knowsWhatIsNoNumber(String text) {
    assertThat(scan(text).end).isEqualTo(-1);
    assertThat(scan(text + " ".repeat(40)).end).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "0,1",
    "-0,2",
    "12,2",
    "0.5,3",
    "-7.25e-3,8",
    "1E+5,4",
    "1.5x,3",
    "5-3,1",
    "1.2.3,3",
    "12345678901234567890,20",
    "0.1234567812345678123456781234567812345678,42"
  })
  void findsTheEnd(String text, int end) {
    assertThat(scan(text).end).isEqualTo(end);
    assertThat(scan(text + ", ".repeat(40)).end).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource({
    "18446744073709551615,true",
    "18446744073709551616,false",
    "10000000000000000000,true",
    "9999999999999999999,true",
    "19999999999999999999,false",
    "20000000000000000000,false",
    "99999999999999999999,false",
    "100000000000000000000,false",
    "0,true",
    "-0,true",
    "-1,false",
    "28446744073709551615,false",
    "1.0,false",
    "1e1,false"
  })
  void knowsTheRangeOfUnsignedLongs(String text, boolean fits) {
    JsonNumber number = scan(text).number;

    assertThat(number.isUnsignedLong()).isEqualTo(fits);
    if (fits) {
      assertThat(Long.toUnsignedString(number.integer())).isEqualTo(text.replace("-", ""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775807,true",
    "9223372036854775808,false",
    "-9223372036854775808,true",
    "-9223372036854775809,false",
    "18446744073709551615,false",
    "-18446744073709551615,false",
    "9999999999999999999,false",
    "-9999999999999999999,false",
    "-1,true",
    "0,true",
    "1.0,false"
  })
  void knowsTheRangeOfLongs(String text, boolean fits) {
    JsonNumber number = scan(text).number;

    assertThat(number.isWithin(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(fits);
    if (fits) {
      assertThat(number.integer()).isEqualTo(Long.parseLong(text));
    }
  }

  @Test
  void readsIntegersAsTheJdkDoes() {
    byte[] body = join(MANY, i -> Long.toString(random.nextLong() >> random.nextInt(64)));
    JsonNumber number = new JsonNumber(body, body.length);
    int at = 0;
    while (at < body.length) {
      int end = number.scanInteger(at);
      String text = new String(body, at, end - at, StandardCharsets.US_ASCII);
      assertThat(number.isWithin(Long.MIN_VALUE, Long.MAX_VALUE)).isTrue();
      if (number.integer() != Long.parseLong(text)) {
        assertThat(number.integer()).as(text).isEqualTo(Long.parseLong(text));
      }
      at = end + 1;
    }
  }

  /** Checks numbers one after the other in one body, where all but the last few go the fast way. */
  private void check(int count, IntFunction<String> texts) {
    byte[] body = join(count, i -> (random.nextBoolean() ? "-" : "") + unsigned(texts.apply(i)));
    JsonNumber number = new JsonNumber(body, body.length);
    int at = 0;
    int checked = 0;
    while (at < body.length) {
      int end = number.scan(at);
      assertThat(end).as("end of number %d at %d", checked, at).isGreaterThan(at);
      String text = new String(body, at, end - at, StandardCharsets.US_ASCII);
      // Bits, because 0 and -0 are equal; compared by hand, because assertions are slow.
      float single = Float.parseFloat(text);
      if (Float.floatToIntBits(number.fp32()) != Float.floatToIntBits(single)) {
        assertThat(number.fp32()).as(text).isEqualTo(single);
      }
      double real = Double.parseDouble(text);
      if (Double.doubleToLongBits(number.fp64()) != Double.doubleToLongBits(real)) {
        assertThat(number.fp64()).as(text).isEqualTo(real);
      }
      at = end + 1;
      checked++;
    }
    assertThat(checked).isEqualTo(count);
  }

  private static String unsigned(String text) {
    return text.startsWith("-") ? text.substring(1) : text;
  }

  private static byte[] join(int count, IntFunction<String> texts) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(i == 0 ? "" : ",").append(texts.apply(i));
    }
    return all.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void checkEveryMiddle(
      int infinite, IntFunction<BigDecimal> value, ToIntFunction<JsonNumber> read) {
    BigDecimal little = new BigDecimal("1e-400");
    for (int bits = 0; bits < infinite; bits++) {
      BigDecimal below = value.apply(bits);
      BigDecimal above =
          bits + 1 < infinite
              ? value.apply(bits + 1)
              : below.add(below.subtract(value.apply(bits - 1))); // what would come next
      BigDecimal middle = below.add(above).divide(BigDecimal.TWO);
      int next = bits + 1 == infinite ? -1 : bits + 1;
      expect(read, below.toString(), bits);
      expect(read, middle.toString(), bits % 2 == 0 ? bits : next);
      expect(read, middle.subtract(little).toPlainString(), bits);
      expect(read, middle.add(little).toPlainString(), next);
      BigDecimal cut = middle.round(new MathContext(17, RoundingMode.DOWN));
      expect(read, "-" + cut, cut.compareTo(middle) < 0 || bits % 2 == 0 ? bits : next, 0x8000);
    }
  }

  private static void expect(ToIntFunction<JsonNumber> read, String text, int bits) {
    expect(read, text, bits, 0);
  }

  private static void expect(ToIntFunction<JsonNumber> read, String text, int bits, int sign) {
    int actual = read.applyAsInt(scan(text).number);
    if (actual != (bits < 0 ? bits : bits | sign)) {
      assertThat(actual).as(text).isEqualTo(bits);
    }
  }

  private String nearMiddle(float value) {
    float magnitude = Math.abs(value);
    BigDecimal middle = new BigDecimal(magnitude).add(new BigDecimal(Math.nextDown(magnitude)));
    return around(middle.divide(BigDecimal.TWO));
  }

  /** The number itself, cut or rounded to some digits, or with a little more or less. */
  private String around(BigDecimal value) {
    return switch (random.nextInt(6)) {
      case 0 -> value.toString();
      case 1 -> value.add(value.ulp().movePointLeft(random.nextInt(3))).toString();
      case 2 -> value.subtract(value.ulp().movePointLeft(random.nextInt(3))).toString();
      case 3 -> value.round(new MathContext(random.nextInt(15, 22), RoundingMode.DOWN)).toString();
      case 4 -> value.round(new MathContext(random.nextInt(15, 22), RoundingMode.UP)).toString();
      default -> value.round(digits(19)).toString();
    };
  }

  private static MathContext digits(int count) {
    return new MathContext(count);
  }

  private String significand() {
    return Long.toUnsignedString(random.nextLong() >>> random.nextInt(64));
  }

  private float anyFloat() {
    float value = Float.intBitsToFloat(random.nextInt());
    return Float.isFinite(value) ? value : 1;
  }

  private double anyDouble() {
    double value = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(value) ? value : 1;
  }

  private record Scanned(JsonNumber number, int end) {}

  private static Scanned scan(String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    JsonNumber number = new JsonNumber(body, body.length);
    return new Scanned(number, number.scan(0));
  }
}
