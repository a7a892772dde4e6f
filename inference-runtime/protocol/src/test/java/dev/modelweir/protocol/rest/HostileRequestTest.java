package dev.modelweir.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong and hostile bodies: each gets a message that helps, none costs much. */
class HostileRequestTest {
  private final RestCodec codec = new RestCodec();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|must be a JSON object",
        "[]|must be a JSON object",
        "{|not valid JSON",
        "{}|\"inputs\" is missing",
        "{} {}|more than one JSON document",
        "{\"inputs\":{}}|\"inputs\" must be an array",
        "{\"inputs\":[1]}|each input must be an object",
        "{\"inputs\":[{}]}|an input has no \"name\"",
        "{\"id\":7,\"inputs\":[]}|\"id\" must be a string",
        "{\"outputs\":[{}],\"inputs\":[]}|has no \"name\"",
        "{\"outputs\":[\"y\"],\"inputs\":[]}|each output must be an object",
        "{\"parameters\":{\"p\":[]},\"inputs\":[]}|parameter \"p\" must be",
        "{\"parameters\":{\"p\":99999999999999999999},\"inputs\":[]}|out of range",
        "{\"inputs\":[{\"name\":\"x\"}]}|input \"x\" has no \"datatype\"",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\"}]}|input \"x\" has no \"shape\"",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1]}]}|input \"x\" has no \"data\"",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"fp32\"}]}|unknown datatype \"fp32\"",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":7}]}|\"datatype\" must be a string",
      })
  void refusesDocumentsThatAreNoRequest(String body, String message) {
    assertRefused(body.getBytes(StandardCharsets.UTF_8), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FP32|[2,2]|[[1,2],[3]]|data[1] holds 1 values, not the 2 that shape [2,2] needs",
        "FP32|[2,2]|[[1,2],[3,4,5]]|data[1] holds more values than the 2",
        "FP32|[2,2]|[[1,2]]|data holds 1 values, not the 2",
        "FP32|[2,2]|[1,2,3]|data holds 3 values, not the 4",
        "FP32|[2,2]|[1,2,3,4,5]|data holds more values than the 4",
        "FP32|[2,2]|[[1,2],3]|data[1] is not an array",
        "FP32|[2,2]|[1,2,[3,4]]|data[2] is an array",
        "FP32|[2,2]|[[1,[2]],[3,4]]|data[0][1] is an array",
        "FP32|[2]|[[1],[2]]|data[0] is an array",
        "FP32|[]|[1,2]|data holds more values than the 1",
        "FP32|[1]|1|\"data\" must be an array",
        "FP32|[1]|{}|\"data\" must be an array",
        "FP32|[-1]|[1]|dimension 0 of \"shape\" is -1",
        "FP32|[99999999999999999999]|[1]|dimension 0 of \"shape\" is 99999999999999999999",
        "FP32|[1.5]|[1]|must be an array of integers",
        "FP32|[\"1\"]|[1]|must be an array of integers",
        "FP32|4|[1]|must be an array of integers",
        "FP32|[1000000000]|[1]|shape [1000000000] needs more values than a body of",
        "FP32|[4611686018427387904,4]|[1]|needs more values than a body of",
        "FP32|[1]|[NaN]|element 0 is NaN, datatype FP32 needs a finite number",
        "FP64|[2]|[1,-Infinity]|element 1 is -Infinity",
        "FP32|[1]|[3.5e38]|element 0 is 3.5e38, outside the range of FP32",
        "FP64|[1]|[1e309]|outside the range of FP64",
        "FP32|[1]|[\"1\"]|element 0 is the string \"1\", datatype FP32 needs a finite number",
        "FP32|[1]|[null]|element 0 is null",
        "FP32|[1]|[{}]|element 0 is {",
        "INT8|[1]|[128]|element 0 is 128, outside the range of INT8",
        "UINT8|[1]|[-1]|outside the range of UINT8",
        "UINT8|[1]|[256]|outside the range of UINT8",
        "UINT16|[1]|[65536]|outside the range of UINT16",
        "UINT32|[1]|[4294967296]|outside the range of UINT32",
        "UINT64|[1]|[18446744073709551616]|outside the range of UINT64",
        "UINT64|[2]|[0,-1]|element 1 is -1, outside the range of UINT64",
        "FP16|[1]|[65520]|element 0 is 65520, outside the range of FP16",
        "BF16|[1]|[-3.4e38]|element 0 is -3.4e38, outside the range of BF16",
        "FP16|[1]|[\"1\"]|datatype FP16 needs a finite number",
        "FP32|[]|{}|element 0 is {",
        "INT16|[1]|[-32769]|outside the range of INT16",
        "INT32|[1]|[2147483648]|outside the range of INT32",
        "INT64|[1]|[9223372036854775808]|outside the range of INT64",
        "INT64|[1]|[1.0]|element 0 is 1.0, datatype INT64 needs an integer",
        "INT64|[1]|[1e3]|needs an integer",
        "BOOL|[1]|[1]|element 0 is 1, datatype BOOL needs true or false",
        "BYTES|[1]|[1]|datatype BYTES needs a string",
        "BYTES|[1]|[\"\\ud800\"]|element 0 holds half a surrogate pair",
      })
  void refusesDataThatDoesNotFit(String type, String shape, String data, String message) {
    assertRefused(input(type, shape, data), "input \"x\"");
    assertRefused(input(type, shape, data), message);
    // The same when the data comes first and is read later.
    assertRefused(
        bytes(
            "{\"inputs\":[{\"data\":%s,\"name\":\"x\",\"datatype\":\"%s\",\"shape\":%s}]}"
                .formatted(data, type, shape)),
        message.replaceAll(" a body of$", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FP32|[2]|[1,]|not valid JSON: ']' where a value should come",
        "FP32|[1]|[01]|malformed number",
        "FP32|[1]|[1.]|malformed number",
        "FP32|[1]|[0.5}|not valid JSON: '}' where ',' or ']' should come",
        "FP32|[2]|[0.5 0.5]|not valid JSON: '0' where ',' or ']' should come",
        "FP32|[2,1]|[[1],]|not valid JSON: ']' where a value should come",
        "BOOL|[1]|[truex]|not valid JSON: 't' where a value should come",
        "FP32|[1]|[0.12345678901234567.5]|not valid JSON: '.' where ',' or ']' should come",
        "INT32|[1]|[12-3]|not valid JSON: '-' where ',' or ']' should come",
      })
  void refusesDataThatIsNoJson(String type, String shape, String data, String message) {
    assertRefused(input(type, shape, data), message);
    assertRefused(
        bytes(
            "{\"inputs\":[{\"data\":%s,\"name\":\"x\",\"datatype\":\"%s\",\"shape\":%s}]}"
                .formatted(data, type, shape)),
        "not valid JSON");
  }

  @Test
  void refusesDataGivenTwice() {
    assertRefused(
        bytes(
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1],\"data\":[2]}]}"),
        "\"data\" twice");
  }

  @Test
  void refusesDeepNesting() {
    assertRefused(bytes("{\"a\":" + "[".repeat(100_000)), "depth");
    assertRefused(input("FP32", "[" + "1,".repeat(40) + "1]", "[1]"), "more than 32 dimensions");
  }

  @Test
  void refusesInvalidUtf8() {
    byte[] body = input("BYTES", "[1]", "[\"?\"]");
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '?') {
        body[i] = (byte) 0xff;
      }
    }
    assertRefused(body, "Invalid UTF-8");
  }

  @Test
  void refusesTooManyTensors() {
    String one = "{\"name\":\"x\",\"datatype\":\"INT8\",\"shape\":[0],\"data\":[]}";
    assertRefused(
        bytes("{\"inputs\":[" + (one + ",").repeat(2000) + one + "]}"), "more than 1024 tensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'inputs':[{'name':'x','datatype':'FP32','shape':[1],'data':['LONG']}]}",
        "{'inputs':[{'name':'x','datatype':'FP32','shape':[1],'data':[{'LONG':1}]}]}",
        "{'inputs':[{'name':'x','datatype':'INT8','shape':[1],'data':[1DIGITS]}]}",
        "{'inputs':[{'name':'x','datatype':'LONG'}]}",
        "{'inputs':[{'name':'x','shape':[1DIGITS]}]}",
        "{'inputs':[{'name':'LONG'}]}",
        "{'inputs':[{'name':'LONG','datatype':'INT8','shape':[1],'data':[300]}]}",
        "{'inputs':[{'name':'LONG','datatype':'INT8','shape':[1],'data':[true]}]}",
        "{'inputs':[{'name':'LONG','datatype':'INT8','shape':[2],'data':[1]}]}",
        "{'inputs':[{'data':[1],'name':'LONG','datatype':'INT8','shape':[2]}]}",
        "{'inputs':[{'name':'LONG','datatype':'INT8','shape':[99999999],'data':[1]}]}",
        "{'inputs':[{'name':'LONG','datatype':'INT8','shape':[1],'parameters':{'binary_data_size':1}}]}",
        "{'inputs':[],'outputs':[{'name':'LONG','parameters':{'classification':0}}]}",
        "{'inputs':[],'parameters':{'LONG':[]}}",
        "{'inputs':[],'parameters':{'p':1DIGITS}}",
        "{'inputs':[],'x':1DIGITSx}",
        "{'inputs':[],'x':LONG}",
      })
  void keepsHostileTextOutOfMessages(String body) {
    byte[] hostile =
        bytes(
            body.replace('\'', '"')
                .replace("LONG", "x".repeat(1_000_000))
                .replace("DIGITS", "7".repeat(1_000_000)));

    InferenceException refused =
        catchThrowableOfType(InferenceException.class, () -> decode(hostile));

    assertThat(refused.code()).isEqualTo(InferenceException.Code.INVALID);
    assertThat(refused.getMessage()).hasSizeLessThan(400);
  }

  @Test
  void asksForNoMoreMemoryThanTheBodyJustifies() {
    AtomicLong asked = new AtomicLong();
    byte[] body = input("FP64", "[400]", "[1]");

    assertThatThrownBy(() ->
            codec.decode(
                Bytes.all(body),
                body.length,
                bytes -> {
                  asked.addAndGet(bytes);
                  return TensorAllocator.garbageCollected().allocate(bytes);
                }))
        .isInstanceOf(InferenceException.class);
    assertThat(asked.get()).isLessThanOrEqualTo(8L * body.length);
  }

  /** Whatever bytes come: a request or a refusal, never another exception. */
  @Test
  void survivesDamagedBodies() {
    byte[] good =
        bytes(
            """
            {"id":"a","parameters":{"p":1.5},"inputs":[
            {"name":"x","shape":[2,2],"datatype":"FP32","data":[[1.5,-2e3],[3,4]]},
            {"data":["é","\\u6728"],"datatype":"BYTES","name":"t","shape":[2]}],
            "outputs":[{"name":"y"}]}
            """);
    Random random = new Random(7);
    for (int round = 0; round < 50_000; round++) {
      byte[] body = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        body[random.nextInt(body.length)] =
            (byte)
                (random.nextBoolean()
                    ? random.nextInt(256)
                    : "[]{}\",:0-.e".charAt(random.nextInt(11)));
      }
      try {
        decode(body);
      } catch (InferenceException refused) {
        assertThat(refused.code()).isEqualTo(InferenceException.Code.INVALID);
      }
    }
  }

  /** The same with tensors as bytes, whose lengths and contents are damaged as well. */
  @Test
  void survivesDamagedBinaryBodies() {
    byte[] json =
        bytes(
            """
            {"parameters":{"binary_data_output":true},"inputs":[
            {"name":"s","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":11}},
            {"name":"j","shape":[1],"datatype":"UINT64","data":[18446744073709551615]},
            {"name":"b","shape":[1,3],"datatype":"BOOL","parameters":{"binary_data_size":3}}],
            "outputs":[{"name":"y","parameters":{"binary_data":false,"classification":2}}]}
            """);
    byte[] good = Arrays.copyOf(json, json.length + 14);
    System.arraycopy(
        new byte[] {2, 0, 0, 0, 'a', 'b', 1, 0, 0, 0, 'c', 0, 1, 1}, 0, good, json.length, 14);
    codec.decode(Bytes.all(good), json.length, TensorAllocator.garbageCollected());
    Random random = new Random(8);
    int accepted = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] body = Arrays.copyOf(good, good.length + random.nextInt(-1, 2) * random.nextInt(4));
      for (int i = random.nextInt(3); i > 0; i--) {
        boolean tail = random.nextBoolean();
        int at = tail ? random.nextInt(json.length, body.length) : random.nextInt(json.length);
        body[at] =
            (byte) (tail ? random.nextInt(-2, 12) : "[]{}\",:019-.e".charAt(random.nextInt(13)));
      }
      int jsonLength = json.length - (random.nextInt(8) == 0 ? random.nextInt(json.length) : 0);
      try {
        codec.decode(Bytes.all(body), jsonLength, TensorAllocator.garbageCollected());
        accepted++;
      } catch (InferenceException refused) {
        assertThat(refused.code()).isEqualTo(InferenceException.Code.INVALID);
      }
    }
    assertThat(accepted).isBetween(1_000, 49_000);
  }

  /** Every element of a tensor that is read has been sent, so memory follows the body. */
  @Test
  void memoryFollowsTheBodyForEveryType() {
    for (DataType type : DataType.values()) {
      String element = type == DataType.BOOL ? "true" : type == DataType.BYTES ? "\"\"" : "1";
      String data = (element + ",").repeat(5_000) + element;
      AtomicLong asked = new AtomicLong();
      byte[] body = input(type.name(), "[5001]", "[" + data + "]");
      byte[] lie = input(type.name(), "[" + (body.length - 100) / 2 + "]", "[" + data + "]");

      codec.decode(Bytes.all(body), body.length, counting(asked));
      assertThat(asked.getAndSet(0)).isLessThanOrEqualTo(9L * body.length);
      assertThatThrownBy(() -> codec.decode(Bytes.all(lie), lie.length, counting(asked)))
          .isInstanceOf(InferenceException.class);
      assertThat(asked.get()).isLessThanOrEqualTo(9L * body.length);
    }
  }

  private static TensorAllocator counting(AtomicLong asked) {
    return bytes -> {
      asked.addAndGet(bytes);
      return TensorAllocator.garbageCollected().allocate(bytes);
    };
  }

  private void decode(byte[] body) {
    codec.decode(Bytes.all(body), body.length, TensorAllocator.garbageCollected());
  }

  private void assertRefused(byte[] body, String message) {
    assertThatThrownBy(() -> decode(body))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((InferenceException) e).code())
        .isEqualTo(InferenceException.Code.INVALID);
  }

  private static byte[] input(String type, String shape, String data) {
    return bytes(
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}]}"
            .formatted(type, shape, data));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
