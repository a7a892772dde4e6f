package dev.modelweir.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.rest.RestCodec.Encoded;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tensors as bytes behind the JSON, in requests and responses. */
class BinaryTensorTest {
  private static final TensorAllocator MEMORY = TensorAllocator.garbageCollected();

  private final RestCodec codec = new RestCodec();

  @Test
  void readsTensorsInTheOrderOfTheInputs() {
    InferRequest request =
        decode(
            """
            {"inputs":[
            {"name":"a","shape":[2],"datatype":"UINT16","parameters":{"binary_data_size":4}},
            {"name":"b","shape":[1],"datatype":"FP32","data":[0.5]},
            {"parameters":{"x":[1],"binary_data_size":8},"name":"c","shape":[],"datatype":"FP64"},
            {"name":"d","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":9}},
            {"name":"e","shape":[0],"datatype":"INT8","parameters":{"binary_data_size":0}}]}\
            """,
            "0100ffff" + "000000000000f03f" + "00000000" + "01000000ff");

    assertThat(request.inputs()).extracting(Tensor::name).containsExactly("a", "b", "c", "d", "e");
    assertThat(request.inputs()).allMatch(it -> it.data().isDirect());
    assertThat(hex(request, 0)).isEqualTo("0100ffff");
    assertThat(request.inputs().get(1).data().getFloat(0)).isEqualTo(0.5f);
    assertThat(request.inputs().get(2).data().getDouble(0)).isEqualTo(1.0);
    assertThat(hex(request, 3)).isEqualTo("0000000001000000ff");
    assertThat(hex(request, 4)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FP32|[1]|4|0000|binary_data_size is 4, but only 2 of the 2 bytes behind the JSON are left",
        "FP32|[1]|3|000000|binary_data_size is 3, but shape [1] of datatype FP32 takes 4 bytes",
        "FP32|[1]|4|0000000000|5 bytes follow the JSON, but the inputs' binary_data_size add up to 4",
        "FP32|[2,9000000000000000000]|4|00000000|needs more values than a body of",
        "FP32|[4,4611686018427387904]|4|00000000|needs more values than a body of",
        "FP32|[5]|4|00000000|needs more values than a body of",
        "BOOL|[2]|2|0102|element 1 is 2, datatype BOOL needs 0 or 1",
        "BYTES|[1]|3|000000|the data ends within the length of element 0",
        "BYTES|[1]|5|0200000061|element 0 should be 2 bytes long, but only 1 are left",
        "BYTES|[1]|4|ffffffff|element 0 should be 4294967295 bytes long, but only 0 are left",
        "BYTES|[2]|5|0100000061|the data holds 1 elements, not the 2 of shape [2]",
        "BYTES|[1]|8|0000000000000000|the data holds 2 elements, not the 1 of shape [1]",
        "INT8|[1]|-1|00|\"binary_data_size\" must be a number of bytes",
        "INT8|[1]|1.0|00|\"binary_data_size\" must be a number of bytes",
        "INT8|[1]|\"1\"|00|\"binary_data_size\" must be a number of bytes",
        "INT8|[1]|99999999999999999999|00|\"binary_data_size\" must be a number of bytes",
        "INT8|[1]|9223372036854775807|00|but only 1 of the 1 bytes behind the JSON are left",
        "INT8|[1]|1,\"binary_data_size\":1|00|\"binary_data_size\" twice",
      })
  void refusesLengthsThatDoNotFit(
      String type, String shape, String size, String data, String message) {
    String json =
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":%s,\"parameters\":{\"binary_data_size\":%s}}]}"
            .formatted(type, shape, size);

    refuses(json, data, message);
  }

  @Test
  void refusesDataInBothPlaces() {
    String parameters = "\"parameters\":{\"binary_data_size\":1}";
    String start = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"INT8\",\"shape\":[1],";

    refuses(start + "\"data\":[1]," + parameters + "}]}", "00", "both \"data\" and");
    refuses(start + parameters + ",\"data\":[1]}]}", "00", "both \"data\" and");
    refuses(start + "\"data\":[1]}]}", "00", "1 bytes follow the JSON");
    refuses(start + "\"parameters\":[]}]}", "", "\"parameters\" must be an object");
    refuses(start + "\"parameters\":{}," + parameters + "}]}", "00", "has \"parameters\" twice");
  }

  @Test
  void readsHowOutputsAreWanted() {
    InferRequest request =
        decode(
            """
            {"inputs":[],"parameters":{"binary_data_output":true},"outputs":[
            {"name":"a"},{"name":"b","parameters":{"binary_data":false}},
            {"name":"c","parameters":{"binary_data":true,"classification":3,"other":"x"}},
            {"name":"d","parameters":null}]}\
            """,
            "");

    assertThat(request.binaryOutputs()).isTrue();
    assertThat(request.outputs())
        .containsExactly(
            RequestedOutput.of("a"),
            new RequestedOutput("b", false, 0),
            new RequestedOutput("c", true, 3),
            RequestedOutput.of("d"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"classification\":0|parameter \"classification\" must be a whole number, 1 or more",
        "\"classification\":1.5|parameter \"classification\" must be a whole number, 1 or more",
        "\"classification\":true|parameter \"classification\" must be a whole number, 1 or more",
        "\"binary_data\":1|parameter \"binary_data\" must be true or false",
        "\"binary_data\":true,\"binary_data\":false|parameter \"binary_data\" is given twice",
      })
  void refusesWrongWishes(String parameters, String message) {
    refuses(
        "{\"inputs\":[],\"outputs\":[{\"name\":\"y\",\"parameters\":{%s}}]}".formatted(parameters),
        "",
        message);
  }

  @Test
  void refusesWrongWishesForAllOutputs() {
    refuses(
        "{\"inputs\":[],\"parameters\":{\"binary_data_output\":1}}",
        "",
        "parameter \"binary_data_output\" must be true or false");
  }

  @Test
  void writesEachOutputAsItWasAskedFor() {
    InferRequest request =
        request(
            Map.of("binary_data_output", true),
            new RequestedOutput("json", false, 0),
            new RequestedOutput("bytes", true, 0));
    InferResponse response =
        new InferResponse(
            "m",
            "1",
            "i",
            List.of(
                tensor("json", DataType.INT8, "01ff"),
                tensor("bytes", DataType.INT16, "01000200"),
                tensor("other", DataType.UINT8, "07")));

    Encoded encoded = codec.encode(request, response);

    assertThat(encoded.binary()).isTrue();
    assertThat(new String(encoded.bytes(), 0, encoded.jsonLength(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"model_name\":\"m\",\"model_version\":\"1\",\"id\":\"i\",\"outputs\":["
                + "{\"name\":\"json\",\"datatype\":\"INT8\",\"shape\":[2],\"data\":[1,-1]},"
                + "{\"name\":\"bytes\",\"datatype\":\"INT16\",\"shape\":[2],"
                + "\"parameters\":{\"binary_data_size\":4}},"
                + "{\"name\":\"other\",\"datatype\":\"UINT8\",\"shape\":[1],"
                + "\"parameters\":{\"binary_data_size\":1}}]}");
    byte[] tail = Arrays.copyOfRange(encoded.bytes(), encoded.jsonLength(), encoded.bytes().length);
    assertThat(HexFormat.of().formatHex(tail)).isEqualTo("0100020007");
  }

  @Test
  void saysWhenEverythingIsJson() {
    InferResponse response =
        new InferResponse("m", "1", null, List.of(tensor("y", DataType.INT8, "01")));

    Encoded encoded = codec.encode(request(Map.of()), response);

    assertThat(encoded.jsonLength()).isEqualTo(-1);
    assertThat(encoded.binary()).isFalse();
  }

  @Test
  void writesClassesInBothForms() {
    InferResponse response =
        new InferResponse("m", "1", null, List.of(tensor("y", DataType.INT8, "01030203")));

    Encoded json = codec.encode(request(Map.of(), new RequestedOutput("y", null, 3)), response);
    assertThat(new String(json.bytes(), StandardCharsets.UTF_8))
        .endsWith(
            "{\"name\":\"y\",\"datatype\":\"BYTES\",\"shape\":[3],"
                + "\"data\":[\"3:1\",\"3:3\",\"2:2\"]}]}");

    Encoded binary = codec.encode(request(Map.of(), new RequestedOutput("y", true, 1)), response);
    assertThat(new String(binary.bytes(), StandardCharsets.ISO_8859_1))
        .endsWith("\"parameters\":{\"binary_data_size\":7}}]}\3\0\0\0003:1");
  }

  @Test
  void whatIsNoUtf8GoesOnlyAsBytes() {
    InferResponse response =
        new InferResponse(
            "m", "1", null, List.of(tensor("y", DataType.BYTES, "01000000" + "61" + "01000000ff")));

    assertThatThrownBy(() -> codec.encode(request(Map.of()), response))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("output \"y\": element 1 is not UTF-8")
        .hasMessageContaining("ask for binary data");
    assertThat(codec.encode(request(Map.of("binary_data_output", true)), response).bytes())
        .endsWith(new byte[] {1, 0, 0, 0, 0x61, 1, 0, 0, 0, (byte) 0xff});
  }

  private InferRequest decode(String json, String hex) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    int length = body.size();
    body.writeBytes(HexFormat.of().parseHex(hex));
    return codec.decode(Bytes.all(body.toByteArray()), length, MEMORY);
  }

  private void refuses(String json, String hex, String message) {
    assertThatThrownBy(() -> decode(json, hex))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((InferenceException) e).code())
        .isEqualTo(InferenceException.Code.INVALID);
  }

  private static InferRequest request(Map<String, Object> parameters, RequestedOutput... outputs) {
    return new InferRequest(null, List.of(), List.of(outputs), parameters);
  }

  private static Tensor tensor(String name, DataType type, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    ByteBuffer data = MEMORY.allocate(bytes.length).put(bytes).flip();
    int elements = type == DataType.BYTES ? 2 : bytes.length / type.size();
    return new Tensor(name, type, Shape.of(elements), data);
  }

  private static String hex(InferRequest request, int input) {
    ByteBuffer data = request.inputs().get(input).data();
    assertThat(data.order()).isEqualTo(ByteOrder.nativeOrder());
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
