package dev.modelweir.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.modelweir.protocol.grpc.GrpcCodec;
import dev.modelweir.protocol.grpc.GrpcInferRequest;
import dev.modelweir.protocol.grpc.message.InferTensorContents;
import dev.modelweir.protocol.grpc.message.ModelInferRequest;
import dev.modelweir.protocol.rest.RestCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind a request lies another one, whose array it got: nothing of that may be read. */
class LeftoversTest {
  private static final String JSON =
      """
      {"id": "größe 😀", "parameters": {"priority": 12, "x": 1.5e3},
       "inputs": [
        {"name": "a", "datatype": "FP32", "shape": [2, 3],
         "data": [0.12345678, -1.5, 2.00000001, 0.123456789012345678, 5, 1e-3]},
        {"name": "b", "datatype": "INT64", "shape": [2], "data": [1234567, -98765432101]},
        {"name": "s", "datatype": "BYTES", "shape": [2], "data": ["one two", "\\u00e9tr\\"e"]},
        {"datatype": "FP64", "data": [[0.25, 0.5]], "shape": [1, 2], "name": "d"}],
       "outputs": [{"name": "y", "parameters": {"binary_data": true}}]}
      """;

  private static final String HEAD =
      """
      {"inputs": [{"name": "a", "datatype": "INT16", "shape": [4],
                   "parameters": {"binary_data_size": 8}},
                  {"name": "s", "datatype": "BYTES", "shape": [2],
                   "parameters": {"binary_data_size": 15}}]}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"the rest of the same request", "digits", "anything"})
  void areNotReadBehindJson(String leftover) {
    check(JSON.getBytes(UTF_8), leftover, LeftoversTest::json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"the rest of the same request", "digits", "anything"})
  void areNotReadBehindBinaryTensors(String leftover) {
    byte[] head = HEAD.getBytes(UTF_8);
    byte[] body = Arrays.copyOf(head, head.length + 23);
    body[head.length + 8] = 3;
    body[head.length + 15] = 4;
    check(body, leftover, bytes -> json(bytes, Math.min(head.length, bytes.length())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"the rest of the same request", "digits", "anything"})
  void areNotReadBehindRawRequests(String leftover) {
    ModelMetadata numbers = model(new TensorSpec("x", DataType.FP32, Shape.of(-1, -1)));
    ModelMetadata text = model(new TensorSpec("x", DataType.BYTES, Shape.of(-1)));
    for (ModelMetadata model : List.of(numbers, text)) {
      check(
          new byte[64],
          leftover,
          body -> new RestCodec().decodeRaw(body, model, TensorAllocator.garbageCollected()));
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void areNotReadBehindMessages(ModelInferRequest message) {
    for (String leftover : List.of("the rest of the same request", "digits", "anything")) {
      check(message.toByteArray(), leftover, LeftoversTest::grpc);
      check(message.toByteArray(), leftover, GrpcCodec::head);
    }
  }

  static List<ModelInferRequest> messages() {
    ModelInferRequest.InferInputTensor.Builder tensor =
        ModelInferRequest.InferInputTensor.newBuilder().setName("x").addShape(2);
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder().setModelName("größe").setId("7").setModelVersion("1");
    InferTensorContents contents =
        InferTensorContents.newBuilder().addInt64Contents(1L << 60).addInt64Contents(-1).build();
    InferTensorContents strings =
        InferTensorContents.newBuilder()
            .addBytesContents(ByteString.copyFromUtf8("one"))
            .addBytesContents(ByteString.copyFromUtf8("two"))
            .build();
    return List.of(
        request
            .clone()
            .addInputs(tensor.clone().setDatatype("FP32"))
            .addRawInputContents(ByteString.copyFrom(new byte[8]))
            .build(),
        request
            .clone()
            .addInputs(tensor.clone().setDatatype("INT64").setContents(contents))
            .build(),
        request
            .clone()
            .addInputs(tensor.clone().setDatatype("BYTES").setContents(strings))
            .build());
  }

  /** At every length, what is read is what is read where the array ends there. */
  private static void check(byte[] whole, String leftover, Function<Bytes, Object> read) {
    Random random = new Random(6);
    for (int length = 0; length <= whole.length; length++) {
      byte[] array = Arrays.copyOf(whole, whole.length + 64);
      if (!leftover.startsWith("the rest")) {
        byte[] behind = new byte[array.length - length];
        if (leftover.equals("digits")) {
          Arrays.fill(behind, (byte) '7');
        } else {
          random.nextBytes(behind);
        }
        System.arraycopy(behind, 0, array, length, behind.length);
      }

      assertThat(outcome(read, new Bytes(array, length)))
          .as("the first %d bytes of %d", length, whole.length)
          .isEqualTo(outcome(read, Bytes.all(Arrays.copyOf(whole, length))));
    }
  }

  private static String outcome(Function<Bytes, Object> read, Bytes body) {
    try {
      return told(read.apply(body));
    } catch (InferenceException refused) {
      return refused.code() + ": " + refused.getMessage();
    }
  }

  private static String told(Object result) {
    return switch (result) {
      case GrpcInferRequest grpc ->
          grpc.modelName() + grpc.modelVersion() + grpc.typed() + told(grpc.request());
      case InferRequest request -> {
        StringBuilder text = new StringBuilder();
        text.append(request.id()).append(request.outputs()).append(request.parameters());
        for (Tensor tensor : request.inputs()) {
          byte[] data = new byte[tensor.data().remaining()];
          tensor.data().duplicate().get(data);
          text.append(tensor.name()).append(tensor.type()).append(tensor.shape());
          text.append(Arrays.toString(data));
        }
        yield text.toString();
      }
      default -> result.toString();
    };
  }

  private static InferRequest json(Bytes body) {
    return json(body, body.length());
  }

  private static InferRequest json(Bytes body, int jsonLength) {
    return new RestCodec().decode(body, jsonLength, TensorAllocator.garbageCollected());
  }

  private static GrpcInferRequest grpc(Bytes message) {
    return GrpcCodec.decode(message, TensorAllocator.garbageCollected());
  }

  private static ModelMetadata model(TensorSpec input) {
    return new ModelMetadata("m", List.of("1"), "p", List.of(input), List.of());
  }
}
