package dev.modelweir.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.TensorAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is JSON and what is not, in places where a request may hold any JSON. */
class StrictJsonTest {
  private static final String BEFORE = "{\"inputs\":[],\"x\":";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "12.5e-3",
        "1E+400",
        "\"\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u00e9\\ud83c\\udf32\"",
        "\"é木🌲\u007f\"",
        "[]",
        "{}",
        " [ 1 , [ ] , { } ] ",
        "{\"\":{\"a\":[{}]},\"a\":1,\"a\":2}",
        "\t\r\n 1 \t\r\n",
        "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"
      })
  void takesJson(String value) {
    assertThatCode(() -> decode(BEFORE + value + "}")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1,]|']' where a value should come (at byte 20)",
        "[,1]|',' where a value should come (at byte 18)",
        "[1 2]|'2' where ',' or ']' should come (at byte 20)",
        "{\"a\":1,}|'}' where a key in quotes should come (at byte 24)",
        "{a:1}|'a' where a key in quotes should come (at byte 18)",
        "{\"a\" 1}|'1' where ':' should come (at byte 22)",
        "{\"a\":1 \"b\":2}|'\"' where ',' or '}' should come (at byte 24)",
        "[1}|'}' where ',' or ']' should come",
        "{\"a\":1]|']' where ',' or '}' should come",
        "|'}' where a value should come (at byte 17)",
        "01|malformed number (at byte 17)",
        "+1|'+' where a value should come",
        ".5|'.' where a value should come",
        "1.|malformed number (at byte 17)",
        "1e|malformed number (at byte 17)",
        "-|malformed number (at byte 17)",
        "NaN|'N' where a value should come",
        "Infinity|'I' where a value should come",
        "-Infinity|malformed number (at byte 17)",
        "nul|'n' where a value should come",
        "nulll|'n' where a value should come",
        "True|'T' where a value should come",
        "'a'|''' where a value should come",
        "1 // no|'/' where ',' or '}' should come",
        "/* no */ 1|'/' where a value should come",
        "\"\\x\"|unknown escape in a string (at byte 18)",
        "\"\\u12g4\"|\\u without four hexadecimal digits in a string (at byte 18)",
        "\"\\ud83c\"|half a surrogate pair in a string (at byte 18)",
        "\"\\ud83c\\u0041\"|half a surrogate pair in a string (at byte 18)",
        "\"\\ud83cabcdef\"|half a surrogate pair in a string (at byte 18)",
        "\"\\udf32\\ud83c\"|half a surrogate pair in a string (at byte",
      })
  void refusesWhatIsNone(String value, String message) {
    refuses(
        (BEFORE + (value == null ? "" : value) + "}").getBytes(StandardCharsets.UTF_8), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "09", "0a", "0d", "1f"})
  void refusesControlCharacters(String hex) {
    byte control = (byte) HexFormat.fromHexDigits(hex);
    refuses(withString(control), "control character " + control + " in a string (at byte 18)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0af",
        "c1bf",
        "c3",
        "c328",
        "e28228",
        "e0a0",
        "e08080",
        "e09fbf",
        "eda080",
        "edbfbf",
        "f0808080",
        "f08fbfbf",
        "f09090",
        "f4908080",
        "f5808080",
        "f888808080",
        "fe",
        "ff"
      })
  void refusesInvalidUtf8(String hex) {
    refuses(withString(HexFormat.of().parseHex(hex)), "Invalid UTF-8 in a string (at byte 18)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf"})
  void takesTheEdgesOfUtf8(String hex) {
    byte[] body = withString(HexFormat.of().parseHex(hex));
    assertThatCode(() -> decode(body)).doesNotThrowAnyException();
  }

  @Test
  void refusesBytesOutsideStrings() {
    refuses("\u00a0{}".getBytes(StandardCharsets.UTF_8), "must be a JSON object");
    refuses("\ufeff{}".getBytes(StandardCharsets.UTF_8), "must be a JSON object");
    refuses((BEFORE + "é}").getBytes(StandardCharsets.UTF_8), "byte 195 where a value should come");
  }

  /** Wherever a request is cut, it is no JSON any more; and no cut makes us read beyond it. */
  @Test
  void refusesEveryBeginningOfARequest() {
    byte[] whole =
        """
        {"id":"é\\n","inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.12345678901234567,-1e5]},
        {"data":[true],"name":"b","datatype":"BOOL","shape":[1]}],"parameters":{"a":false}}\
        """
            .getBytes(StandardCharsets.UTF_8);
    decode(whole);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> decode(cut)).isInstanceOf(InferenceException.class);
      int end = length;
      // The rest is there, but behind the JSON.
      assertThatThrownBy(() ->
              new RestCodec().decode(Bytes.all(whole), end, TensorAllocator.garbageCollected()))
          .isInstanceOf(InferenceException.class);
    }
  }

  @Test
  void refusesWhatIsGivenTwice() {
    refuses("{\"inputs\":[],\"inputs\":[]}", "\"inputs\" is given twice");
    refuses("{\"id\":\"a\",\"id\":\"b\",\"inputs\":[]}", "\"id\" is given twice");
    refuses("{\"outputs\":[],\"outputs\":[],\"inputs\":[]}", "\"outputs\" is given twice");
    refuses("{\"parameters\":{},\"parameters\":{},\"inputs\":[]}", "\"parameters\" is given twice");
    refuses(
        "{\"parameters\":{\"a\":1,\"\\u0061\":1},\"inputs\":[]}", "parameter \"a\" is given twice");
    refuses(
        "{\"outputs\":[{\"name\":\"y\",\"name\":\"y\"}],\"inputs\":[]}", "\"name\" is given twice");
    refuses("{\"inputs\":[{\"name\":\"x\",\"name\":\"x\"}]}", "input \"x\" has \"name\" twice");
    refuses("{\"inputs\":[{\"shape\":[1],\"shape\":[1]}]}", "an input has \"shape\" twice");
    refuses(
        "{\"inputs\":[{\"datatype\":\"FP32\",\"datatype\":\"FP32\"}]}",
        "an input has \"datatype\" twice");
    refuses("{\"inputs\":[{\"data\":[1],\"data\":[1]}]}", "an input has \"data\" twice");
  }

  @Test
  void refusesTooManyParameters() {
    StringBuilder many = new StringBuilder("{\"inputs\":[],\"parameters\":{\"p\":1");
    for (int i = 0; i < 1024; i++) {
      many.append(",\"").append(i).append("\":1");
    }
    refuses(many.append("}}").toString(), "more than 1024 parameters");
  }

  @Test
  void readsKeysAndTextWithEscapes() {
    InferRequest request =
        decode(
            "{\"\\u0069nputs\":[],\"id\":\"\\ud83c\\udf32\\u00e9\\/\",\"outputs\":null,\"parameters\":null}");

    assertThat(request.id()).isEqualTo("🌲é/");
    assertThat(request.outputs()).isEmpty();
    assertThat(request.parameters()).isEmpty();
    assertThat(decode("{\"inputs\":[],\"id\":null}").id()).isNull();
  }

  /** Another parser agrees on what is JSON, whatever the damage. */
  @Test
  void agreesWithJackson() {
    String[] seeds = {
      "{\"a\":[1,-2.5e+3,0.125,{\"b\":null,\"cde\":true}],\"f\":\"g\\n\\\"é木\",\"h\":[[],{}, false]}",
      "[0,1.0,-0e1,\"\",[[\"\\\\\"],{\"k\":{}}] , -12345678901234567890.5 ]",
    };
    JsonFactory jackson = new JsonFactory();
    Random random = new Random(9);
    int accepted = 0;
    for (int round = 0; round < 60_000; round++) {
      byte[] value = seeds[round % seeds.length].getBytes(StandardCharsets.UTF_8);
      for (int i = random.nextInt(2); i >= 0; i--) {
        int at = random.nextInt(value.length);
        value[at] =
            random.nextInt(8) == 0
                ? (byte) random.nextInt(256)
                : random.nextBoolean()
                    ? value[random.nextInt(value.length)]
                    : (byte) "[]{}\",:0-.e1+ \\tn".charAt(random.nextInt(17));
      }
      byte[] before = BEFORE.getBytes(StandardCharsets.UTF_8);
      byte[] body = Arrays.copyOf(before, before.length + value.length + 1);
      System.arraycopy(value, 0, body, before.length, value.length);
      body[body.length - 1] = '}';
      boolean expected = isJson(jackson, body);
      accepted += expected ? 1 : 0;
      if (isJsonHere(body) != expected) {
        assertThat(isJsonHere(body))
            .as(new String(body, StandardCharsets.ISO_8859_1))
            .isEqualTo(expected);
      }
    }
    assertThat(accepted).isBetween(5_000, 55_000);
  }

  private static boolean isJson(JsonFactory jackson, byte[] body) {
    try (JsonParser parser = jackson.createParser(body)) {
      int depth = 0;
      while (parser.nextToken() != null) {
        // It decodes strings only on demand.
        if (parser.currentToken().isScalarValue()) {
          parser.getText();
        }
        depth += parser.currentToken().isStructStart() ? 1 : 0;
        depth -= parser.currentToken().isStructEnd() ? 1 : 0;
        if (depth == 0) {
          return parser.nextToken() == null;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isJsonHere(byte[] body) {
    try {
      decode(body);
      return true;
    } catch (InferenceException e) {
      // Valid JSON may still be no request, if the damage reached the keys that we read.
      return !String.valueOf(e.getMessage()).contains("not valid JSON")
          && !String.valueOf(e.getMessage()).contains("more than one JSON document");
    }
  }

  private static byte[] withString(byte... text) {
    byte[] before = (BEFORE + "\"").getBytes(StandardCharsets.UTF_8);
    byte[] after = "\"}".getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(before, before.length + text.length + after.length);
    System.arraycopy(text, 0, body, before.length, text.length);
    System.arraycopy(after, 0, body, before.length + text.length, after.length);
    return body;
  }

  private static void refuses(String body, String message) {
    refuses(body.getBytes(StandardCharsets.UTF_8), message);
  }

  private static void refuses(byte[] body, String message) {
    assertThatThrownBy(() -> decode(body))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((InferenceException) e).code())
        .isEqualTo(InferenceException.Code.INVALID);
  }

  private static InferRequest decode(String body) {
    return decode(body.getBytes(StandardCharsets.UTF_8));
  }

  private static InferRequest decode(byte[] body) {
    return new RestCodec().decode(Bytes.all(body), body.length, TensorAllocator.garbageCollected());
  }
}
