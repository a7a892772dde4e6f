package dev.modelweir.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestCodecTest {
  private final RestCodec codec = new RestCodec();

  @Test
  void readsEveryPartOfARequest() {
    InferRequest request =
        decode(
            """
            {"id": "a-1", "parameters": {"p": "x", "q": 3, "r": 0.5, "s": true}, "unknown": [{}],
             "inputs": [{"name": "x", "shape": [2], "datatype": "FP32", "data": [1, 2.5],
                         "parameters": {"anything": 1}}],
             "outputs": [{"name": "y"}, {"parameters": {}, "name": "z"}]}
            """);

    assertThat(request.id()).isEqualTo("a-1");
    assertThat(request.outputs()).extracting(RequestedOutput::name).containsExactly("y", "z");
    assertThat(request.parameters()).isEqualTo(Map.of("p", "x", "q", 3L, "r", 0.5, "s", true));
    Tensor tensor = request.inputs().getFirst();
    assertThat(tensor.name()).isEqualTo("x");
    assertThat(tensor.type()).isEqualTo(DataType.FP32);
    assertThat(tensor.shape()).isEqualTo(Shape.of(2));
    assertThat(tensor.data().isDirect()).isTrue();
    assertThat(tensor.data().order()).isEqualTo(ByteOrder.nativeOrder());
    assertThat(floats(tensor)).containsExactly(1f, 2.5f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1,2,3,4,5,6]",
        "[[1,2,3],[4,5,6]]",
        " [ [ 1 , 2 , 3 ] ,\n[ 4 , 5 , 6 ] ] ",
        "[1.0,2e0,0.3e1,40e-1,5.0000,6]"
      })
  void readsFlatAndNestedData(String data) {
    assertThat(floats(tensor("FP32", "[2,3]", data))).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"x\",\"shape\":[2,2],\"datatype\":\"INT32\",\"data\":[[1,2],[3,4]]}",
        "{\"data\":[[1,2],[3,4]],\"name\":\"x\",\"shape\":[2,2],\"datatype\":\"INT32\"}",
        "{\"name\":\"é木\",\"data\":[1,2,3,4],\"datatype\":\"INT32\",\"shape\":[2,2]}",
      })
  void readsFieldsInAnyOrder(String input) {
    Tensor tensor = decode("{\"inputs\":[" + input + "]}").inputs().getFirst();

    assertThat(tensor.data().asIntBuffer())
        .isEqualTo(java.nio.IntBuffer.wrap(new int[] {1, 2, 3, 4}));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|5|1",
        "[]|[5]|1",
        "[0]|[]|0",
        "[0,4]|[]|0",
        "[2,0]|[]|0",
        "[2,0]|[[],[]]|0",
        "[1,1,1]|[[[5]]]|1",
        "[1,1,1]|[5]|1",
      })
  void readsScalarsAndEmptyTensors(String shape, String data, int elements) {
    assertThat(floats(tensor("FP32", shape, data))).hasSize(elements);
  }

  @ParameterizedTest
  @CsvSource({
    "BOOL,'true,false'",
    "UINT8,'0,255'",
    "UINT16,'0,65535'",
    "UINT32,'0,4294967295'",
    "UINT64,'0,18446744073709551615'",
    "INT8,'-128,127'",
    "INT16,'-32768,32767'",
    "INT32,'-2147483648,2147483647'",
    "INT64,'-9223372036854775808,9223372036854775807'",
    "FP16,'-65500.0,6.0E-8'",
    "BF16,'-3.39E38,9.2E-41'",
    "FP32,'-3.4028235E38,1.4E-45'",
    "FP64,'-1.7976931348623157E308,4.9E-324'",
    "BYTES,'\"\",\"tree 木 🌲 \\u0000 \\\" \\\\ \\n\"'"
  })
  void extremesOfEveryTypeSurviveBothWays(String type, String values) {
    Tensor tensor = tensor(type, "[2]", "[" + values + "]");

    String response = encode(tensor);

    assertThat(response)
        .isEqualTo(
            "{\"model_name\":\"m\",\"model_version\":\"1\",\"outputs\":[{\"name\":\"x\","
                + "\"datatype\":\"%s\",\"shape\":[2],\"data\":[%s]}]}",
            type, values);
  }

  @Test
  void roundsEveryNumberAsTheJdkDoes() {
    Random random = new Random(42);
    List<String> texts =
        IntStream.range(0, 20_000)
            .mapToObj(i ->
                switch (i % 4) {
                  case 0 -> Double.toString(random.nextGaussian());
                  case 1 -> Float.toString(random.nextFloat() * 1e10f);
                  case 2 -> random.nextLong() + "e" + random.nextInt(-60, 10);
                  default -> "0." + Math.abs(random.nextLong()) + Math.abs(random.nextLong());
                })
            .collect(Collectors.toList());
    // Halfway cases: rounding through double first would give the other neighbour.
    texts.addAll(
        List.of("1.00000017881393432617187499", "1.00000017881393432617187501", "16777217"));
    String data = texts.stream().collect(Collectors.joining(",", "[", "]"));

    float[] singles = floats(tensor("FP32", "[" + texts.size() + "]", data));
    var doubles = tensor("FP64", "[" + texts.size() + "]", data).data().asDoubleBuffer();

    for (int i = 0; i < texts.size(); i++) {
      assertThat(singles[i]).as(texts.get(i)).isEqualTo(Float.parseFloat(texts.get(i)));
      assertThat(doubles.get(i)).as(texts.get(i)).isEqualTo(Double.parseDouble(texts.get(i)));
    }
  }

  @Test
  void longStringsMakeTheBufferGrow() {
    String longText = "木".repeat(10_000);

    Tensor tensor = tensor("BYTES", "[3]", "[\"a\",\"" + longText + "\",\"z\"]");

    assertThat(encode(tensor)).contains("[\"a\",\"" + longText + "\",\"z\"]");
  }

  @Test
  void everyCharacterSurvivesBothWays() {
    String all =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(it -> it < Character.MIN_SURROGATE || it > Character.MAX_SURROGATE)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    byte[] utf8 = all.getBytes(StandardCharsets.UTF_8);
    ByteBuffer data = TensorAllocator.garbageCollected().allocate(Integer.BYTES + utf8.length);
    data.putInt(utf8.length).put(utf8).flip();

    String response = encode(new Tensor("x", DataType.BYTES, Shape.of(1), data));

    assertThat(response).contains("\\u0000\\u0001").contains("\\b\\t\\n\\u000B\\f\\r\\u000E");
    assertThat(
            decode(response.replaceFirst("\"outputs\"", "\"inputs\"")).inputs().getFirst().data())
        .isEqualTo(data);
  }

  @Test
  void namesAndIdsAreEscaped() {
    String name = "\"a\\b\n\u0001é🌲";
    ByteBuffer one = TensorAllocator.garbageCollected().allocate(1);
    Tensor tensor = new Tensor(name, DataType.INT8, Shape.of(1), one);

    InferRequest back =
        decode(
            encode(new InferResponse(name, name, name, List.of(tensor)))
                .replaceFirst("\"outputs\"", "\"inputs\""));

    assertThat(back.id()).isEqualTo(name);
    assertThat(back.inputs().getFirst().name()).isEqualTo(name);
  }

  @Test
  void echoesTheIdOnlyWhenThereIsOne() {
    Tensor tensor = tensor("INT8", "[1]", "[1]");

    assertThat(encode(new InferResponse("m", "1", "the id", List.of(tensor))))
        .startsWith("{\"model_name\":\"m\",\"model_version\":\"1\",\"id\":\"the id\",\"outputs\"");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesToWriteWhatJsonCannotCarry(float value) {
    ByteBuffer data = TensorAllocator.garbageCollected().allocate(Float.BYTES).putFloat(0, value);
    Tensor tensor = new Tensor("y", DataType.FP32, Shape.of(1), data);

    Assertions.assertThatThrownBy(() -> encode(tensor))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("output \"y\"")
        .hasMessageContaining(String.valueOf(value))
        .hasMessageContaining("ask for binary data")
        .extracting("code")
        .isEqualTo(InferenceException.Code.INVALID);
  }

  private InferRequest decode(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return codec.decode(Bytes.all(body), body.length, TensorAllocator.garbageCollected());
  }

  private Tensor tensor(String type, String shape, String data) {
    return decode(
            "{\"inputs\":[{\"name\":\"x\",\"shape\":%s,\"datatype\":\"%s\",\"data\":%s}]}"
                .formatted(shape, type, data))
        .inputs()
        .getFirst();
  }

  private String encode(Tensor tensor) {
    return encode(new InferResponse("m", "1", null, List.of(tensor)));
  }

  private String encode(InferResponse response) {
    InferRequest request = new InferRequest(null, List.of(), List.of(), Map.of());
    return new String(codec.encode(request, response).bytes(), StandardCharsets.UTF_8);
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[tensor.data().remaining() / Float.BYTES];
    tensor.data().asFloatBuffer().get(values);
    return values;
  }
}
