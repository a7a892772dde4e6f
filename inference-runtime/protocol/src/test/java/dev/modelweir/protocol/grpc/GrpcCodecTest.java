package dev.modelweir.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.grpc.message.InferParameter;
import dev.modelweir.protocol.grpc.message.InferTensorContents;
import dev.modelweir.protocol.grpc.message.ModelInferRequest;
import dev.modelweir.protocol.grpc.message.ModelInferRequest.InferInputTensor;
import dev.modelweir.protocol.grpc.message.ModelInferRequest.InferRequestedOutputTensor;
import dev.modelweir.protocol.grpc.message.ModelInferResponse;
import dev.modelweir.protocol.grpc.message.ModelInferResponse.InferOutputTensor;
import dev.modelweir.protocol.grpc.message.ModelStreamInferResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The codec written by hand beside the one that protoc generates from the same file. */
class GrpcCodecTest {
  @ParameterizedTest
  @EnumSource
  void readsRawContents(DataType type) {
    ByteString contents = ByteString.copyFrom(ElementsOf.raw(type));
    ModelInferRequest message =
        ModelInferRequest.newBuilder()
            .setModelName("m")
            .addInputs(input("x", type, 3))
            .addInputs(input("empty", DataType.FP32, 5, 0))
            .addRawInputContents(contents)
            .addRawInputContents(ByteString.EMPTY)
            .build();

    GrpcInferRequest request = decode(message.toByteArray());

    assertThat(request.modelName()).isEqualTo("m");
    assertThat(request.modelVersion()).isNull();
    assertThat(request.typed()).isFalse();
    Tensor tensor = request.request().inputs().getFirst();
    assertThat(tensor.name()).isEqualTo("x");
    assertThat(tensor.type()).isEqualTo(type);
    assertThat(tensor.shape()).isEqualTo(Shape.of(3));
    assertThat(tensor.data().isDirect()).isTrue();
    assertThat(bytes(tensor)).isEqualTo(ElementsOf.raw(type));
    assertThat(request.request().inputs().get(1).data().remaining()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FP16", "BF16"})
  void readsTypedContents(DataType type) {
    ModelInferRequest message =
        ModelInferRequest.newBuilder()
            .addInputs(input("x", type, 3).setContents(ElementsOf.typed(type)))
            .build();

    GrpcInferRequest request = decode(message.toByteArray());

    assertThat(request.typed()).isTrue();
    assertThat(bytes(request.request().inputs().getFirst())).isEqualTo(ElementsOf.raw(type));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FP16", "BF16"})
  void readsNoElementsOfTypedContents(DataType type) {
    ModelInferRequest message =
        ModelInferRequest.newBuilder()
            .addInputs(input("x", type, 2, 0).setContents(InferTensorContents.getDefaultInstance()))
            .build();

    Tensor tensor = decode(message.toByteArray()).request().inputs().getFirst();

    assertThat(tensor.shape()).isEqualTo(Shape.of(2, 0));
    assertThat(tensor.data().remaining()).isZero();
  }

  /** What protobuf allows and its own writers never do. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FP16", "BF16"})
  void readsContentsThatAreSplitAndComeFirst(DataType type) throws IOException {
    InferTensorContents whole = ElementsOf.typed(type);
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    for (int i = 0; i < 3; i++) {
      InferInputTensor.newBuilder().setContents(ElementsOf.only(whole, i)).build().writeTo(tensor);
    }
    // An unknown field of each kind in between.
    tensor.write(new byte[] {(byte) 0x98, 0x06, 1, (byte) 0x9a, 0x06, 1, 7});
    tensor.write(
        new byte[] {(byte) 0x9d, 0x06, 1, 2, 3, 4, (byte) 0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8});
    input("x", type).build().writeTo(tensor);
    tensor.write(new byte[] {0x18, 3}); // a shape that is not packed
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.write(new byte[] {0x2a, (byte) tensor.size()});
    tensor.writeTo(message);

    GrpcInferRequest request = decode(message.toByteArray());

    assertThat(bytes(request.request().inputs().getFirst())).isEqualTo(ElementsOf.raw(type));
  }

  @Test
  void readsNumbersThatAreNotPacked() {
    byte[] values = {0x10, 1, 0x10, 2, 0x10, 3}; // int_contents, one tag each
    ModelInferRequest head = ModelInferRequest.newBuilder().setModelName("m").build();
    byte[] input = input("x", DataType.INT8, 3).build().toByteArray();
    ByteBuffer message = ByteBuffer.allocate(100).put(head.toByteArray());
    message.put(new byte[] {0x2a, (byte) (input.length + 2 + values.length)}).put(input);
    message.put(new byte[] {0x2a, (byte) values.length}).put(values);

    GrpcInferRequest request = decode(Arrays.copyOf(message.array(), message.position()));

    assertThat(bytes(request.request().inputs().getFirst())).containsExactly(1, 2, 3);
  }

  @Test
  void readsParametersAndOutputs() {
    ModelInferRequest message =
        ModelInferRequest.newBuilder()
            .setModelName("größe")
            .setModelVersion("7")
            .setId("木-1")
            .putParameters("b", InferParameter.newBuilder().setBoolParam(true).build())
            .putParameters("i", InferParameter.newBuilder().setInt64Param(-3).build())
            .putParameters("s", InferParameter.newBuilder().setStringParam("é").build())
            .putParameters("d", InferParameter.newBuilder().setDoubleParam(0.5).build())
            .putParameters("priority", InferParameter.newBuilder().setUint64Param(2).build())
            .addInputs(
                input("x", DataType.INT8, 0)
                    .putParameters("any", InferParameter.newBuilder().setBoolParam(true).build()))
            .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y"))
            .addOutputs(
                InferRequestedOutputTensor.newBuilder()
                    .setName("z")
                    .putParameters(
                        "classification", InferParameter.newBuilder().setInt64Param(5).build()))
            .build();

    GrpcInferRequest request = decode(message.toByteArray());

    assertThat(request.modelName()).isEqualTo("größe");
    assertThat(request.modelVersion()).isEqualTo("7");
    assertThat(request.request().id()).isEqualTo("木-1");
    assertThat(request.request().parameters())
        .containsOnly(
            Map.entry("b", true),
            Map.entry("i", -3L),
            Map.entry("s", "é"),
            Map.entry("d", 0.5),
            Map.entry("priority", 2L));
    assertThat(request.request().priority()).isEqualTo(2);
    assertThat(request.request().outputs())
        .containsExactly(RequestedOutput.of("y"), new RequestedOutput("z", null, 5));
  }

  @ParameterizedTest
  @EnumSource
  void writesRawContents(DataType type) throws IOException {
    InferResponse response =
        new InferResponse("m", "1", "id", List.of(tensor("y", type, 3), tensor("none", type, 0)));

    ModelInferResponse message = parse(GrpcCodec.encode(response, false, 5), 5);

    assertThat(message)
        .isEqualTo(
            ModelInferResponse.newBuilder()
                .setModelName("m")
                .setModelVersion("1")
                .setId("id")
                .addOutputs(output("y", type, 3))
                .addOutputs(output("none", type, 0))
                .addRawOutputContents(ByteString.copyFrom(ElementsOf.raw(type)))
                .addRawOutputContents(ByteString.EMPTY)
                .build());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FP16", "BF16"})
  void writesTypedContents(DataType type) throws IOException {
    InferResponse response =
        new InferResponse("m", "1", null, List.of(tensor("y", type, 3), tensor("none", type, 0)));

    ModelInferResponse message = parse(GrpcCodec.encode(response, true, 0), 0);

    assertThat(message)
        .isEqualTo(
            ModelInferResponse.newBuilder()
                .setModelName("m")
                .setModelVersion("1")
                .addOutputs(output("y", type, 3).setContents(ElementsOf.typed(type)))
                .addOutputs(
                    output("none", type, 0).setContents(InferTensorContents.getDefaultInstance()))
                .build());
  }

  @ParameterizedTest
  @EnumSource(names = {"FP16", "BF16"})
  void writesEverythingRawBesideAHalf(DataType type) throws IOException {
    InferResponse response =
        new InferResponse(
            "m", "1", null, List.of(tensor("y", DataType.FP32, 3), tensor("h", type, 3)));

    ModelInferResponse message = parse(GrpcCodec.encode(response, true, 0), 0);

    assertThat(message.getRawOutputContentsCount()).isEqualTo(2);
    assertThat(message.getOutputs(0).hasContents()).isFalse();
  }

  @Test
  void writesScalarsAndLongExtents() throws IOException {
    Tensor scalar = tensor("s", DataType.FP32);
    Tensor wide = new Tensor("größe", DataType.INT8, Shape.of(0, 1L << 40), ByteBuffer.allocate(0));
    InferResponse response = new InferResponse("m", "1", null, List.of(scalar, wide));

    ModelInferResponse message = parse(GrpcCodec.encode(response, false, 0), 0);

    assertThat(message.getOutputs(0).getShapeList()).isEmpty();
    assertThat(message.getOutputs(1).getName()).isEqualTo("größe");
    assertThat(message.getOutputs(1).getShapeList()).containsExactly(0L, 1L << 40);
  }

  @Test
  void writesStreamedResponsesAndErrors() throws IOException {
    InferResponse response =
        new InferResponse("m", "1", "a", List.of(tensor("y", DataType.FP32, 3)));

    ModelStreamInferResponse answer =
        ModelStreamInferResponse.parseFrom(GrpcCodec.encodeStreamed(response, false, 0));
    ModelStreamInferResponse error =
        ModelStreamInferResponse.parseFrom(GrpcCodec.encodeStreamed("größer", "b", 0));
    ModelStreamInferResponse bare =
        ModelStreamInferResponse.parseFrom(GrpcCodec.encodeStreamed("wrong", null, 0));

    assertThat(answer.getErrorMessage()).isEmpty();
    assertThat(answer.getInferResponse().getId()).isEqualTo("a");
    assertThat(answer.getInferResponse().getRawOutputContents(0).toByteArray())
        .isEqualTo(ElementsOf.raw(DataType.FP32));
    assertThat(
            answer.getInferResponse().getParametersOrThrow("triton_final_response").getBoolParam())
        .isTrue();
    assertThat(error.getErrorMessage()).isEqualTo("größer");
    assertThat(error.getInferResponse().getId()).isEqualTo("b");
    assertThat(bare.getErrorMessage()).isEqualTo("wrong");
  }

  @Test
  void findsTheModelOfABrokenRequest() {
    byte[] good =
        ModelInferRequest.newBuilder().setModelName("m").setId("broken").build().toByteArray();

    assertThat(GrpcCodec.head(Bytes.all(Arrays.copyOf(good, good.length - 1))).modelName())
        .isEqualTo("m");
    assertThat(GrpcCodec.head(Bytes.all(new byte[] {0x0a, 100, 'm'})).modelName()).isEmpty();
    assertThat(GrpcCodec.head(Bytes.all(new byte[0])).modelName()).isEmpty();
  }

  static InferInputTensor.Builder input(String name, DataType type, long... shape) {
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder().setName(name).setDatatype(type.name());
    Arrays.stream(shape).forEach(input::addShape);
    return input;
  }

  private static InferOutputTensor.Builder output(String name, DataType type, long... shape) {
    InferOutputTensor.Builder output =
        InferOutputTensor.newBuilder().setName(name).setDatatype(type.name());
    Arrays.stream(shape).forEach(output::addShape);
    return output;
  }

  /** Holds the three elements, or none where the shape says so. */
  private static Tensor tensor(String name, DataType type, long... dims) {
    Shape shape = Shape.of(dims);
    byte[] raw = shape.elements() == 0 ? new byte[0] : ElementsOf.raw(type);
    ByteBuffer data = ByteBuffer.allocateDirect(raw.length).order(ByteOrder.nativeOrder());
    return new Tensor(name, type, shape, data.put(raw).flip());
  }

  private static GrpcInferRequest decode(byte[] message) {
    return GrpcCodec.decode(Bytes.all(message), TensorAllocator.garbageCollected());
  }

  private static byte[] bytes(Tensor tensor) {
    byte[] bytes = new byte[tensor.data().remaining()];
    tensor.data().duplicate().get(bytes);
    return bytes;
  }

  private static ModelInferResponse parse(byte[] message, int room) throws IOException {
    return ModelInferResponse.parseFrom(ByteString.copyFrom(message, room, message.length - room));
  }
}
