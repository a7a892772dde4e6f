package dev.modelweir.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.grpc.message.InferParameter;
import dev.modelweir.protocol.grpc.message.InferTensorContents;
import dev.modelweir.protocol.grpc.message.ModelInferRequest;
import dev.modelweir.protocol.grpc.message.ModelInferRequest.InferInputTensor;
import dev.modelweir.protocol.grpc.message.ModelInferRequest.InferRequestedOutputTensor;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong and hostile messages: each gets an explanation that helps, none costs much. */
class HostileMessageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0a|ends in the middle of a field",
        "0a05|a length of 5 where 0 bytes are left",
        "0affffffffffffffffff01|a length of 18446744073709551615 where 0 bytes are left",
        "0affffffff07|a length of 2147483647",
        "0affffffffffffffffffff|more than ten bytes",
        "00|no valid field number",
        "8080808010|no valid field number",
        "08|field 1 with wire type 0 instead of 2",
        "0b|field 1 with wire type 3",
        "f803|ends in the middle of a field",
        "f90301|ends in the middle of a field",
        "fd0301|ends in the middle of a field",
        "fb03|field 63 with wire type 3",
        "0a02c328|text that is not UTF-8",
        "2a020a05|a length of 5 where 0 bytes are left",
        "2a0118|ends in the middle of a field",
        "22021200|parameter \"\" has no value",
        "22040a02616222|parameter \"ab\" has no value",
      })
  void refusesWhatIsNoMessage(String hex, String message) {
    assertRefused(HexFormat.of().parseHex(hex), message);
  }

  static Stream<Arguments> misfits() {
    ByteString four = ByteString.copyFrom(new byte[4]);
    return Stream.of(
        Arguments.of(
            request(input(DataType.FP32, 2), four), "has 4 bytes of raw contents, not the 2"),
        Arguments.of(
            request(input(DataType.FP32, 0), four), "has 4 bytes of raw contents, not the 0"),
        Arguments.of(
            request(input(DataType.FP64, 1L << 61), four), "not the 2305843009213693952 values"),
        Arguments.of(
            request(input(DataType.FP32, 1L << 62, 4), four), "more elements than can be sent"),
        Arguments.of(request(input(DataType.FP32, -1), four), "dimension 0 of its shape is -1"),
        Arguments.of(
            request(input(DataType.FP32, IntStream.range(0, 33).asLongStream().toArray()), four),
            "more than 32 dimensions"),
        Arguments.of(
            request(input(DataType.BOOL, 2), ByteString.copyFrom(new byte[] {1, -1})),
            "element 1 is 255, datatype BOOL needs 0 or 1"),
        Arguments.of(
            request(input(DataType.BYTES, 2), four),
            "has 1 elements in its raw contents, shape [2] needs 2"),
        Arguments.of(
            request(input(DataType.BYTES, 1), ByteString.copyFrom(new byte[] {5, 0, 0, 0, 1})),
            "element 0 of the raw contents is longer than the 5 bytes"),
        Arguments.of(
            request(input(DataType.BYTES, 1), ByteString.copyFrom(new byte[] {-1, -1, -1, -1})),
            "element 0 of the raw contents is longer"),
        Arguments.of(
            request(input(DataType.BYTES, 1), ByteString.copyFrom(new byte[3])),
            "element 0 of the raw contents is longer than the 3 bytes"),
        Arguments.of(request(input(DataType.FP32, 1), four, four), "has 2 entries for 1 inputs"),
        Arguments.of(
            request(input(DataType.FP32, 1).setContents(fp32(1)), four),
            "has contents beside raw_input_contents"),
        Arguments.of(request(input(DataType.FP32, 1)), "has no contents; shape [1] needs 1"),
        Arguments.of(
            request(input(DataType.FP16, 1).setContents(fp32(1))), "FP16 has no typed contents"),
        Arguments.of(
            request(input(DataType.FP32, 2).setContents(fp32(1))),
            "fp32_contents holds 1 values, shape [2] needs 2"),
        Arguments.of(
            request(input(DataType.FP32, 2).setContents(fp32(3))),
            "fp32_contents holds more values than the 2"),
        Arguments.of(
            request(input(DataType.FP64, 1).setContents(fp32(1))),
            "the values of FP64 belong in fp64_contents, the request has fp32_contents"),
        Arguments.of(
            request(input(DataType.FP32, 1_000_000).setContents(fp32(1))),
            "needs 1000000 values, more than its"),
        Arguments.of(
            request(
                input(DataType.INT8, 1)
                    .setContents(InferTensorContents.newBuilder().addIntContents(128))),
            "element 0 is 128, outside the range of INT8"),
        Arguments.of(
            request(
                input(DataType.INT16, 1)
                    .setContents(InferTensorContents.newBuilder().addIntContents(-32769))),
            "element 0 is -32769, outside the range of INT16"),
        Arguments.of(
            request(
                input(DataType.UINT8, 1)
                    .setContents(InferTensorContents.newBuilder().addUintContents(256))),
            "element 0 is 256, outside the range of UINT8"),
        Arguments.of(
            request(
                input(DataType.UINT16, 1)
                    .setContents(InferTensorContents.newBuilder().addUintContents(-1))),
            "element 0 is 4294967295, outside the range of UINT16"),
        Arguments.of(
            request(
                input(DataType.INT64, 1)
                    .setContents(
                        InferTensorContents.newBuilder().addInt64Contents(1).addInt64Contents(2))),
            "int64_contents holds more values than the 1"),
        Arguments.of(
            request(
                input(DataType.BYTES, 1)
                    .setContents(
                        InferTensorContents.newBuilder()
                            .addBytesContents(four)
                            .addBytesContents(four))),
            "bytes_contents holds more values than the 1"),
        Arguments.of(
            request(InferInputTensor.newBuilder().setName("x").setDatatype("fp32")),
            "input \"x\" has the unknown datatype \"fp32\""),
        Arguments.of(
            request(InferInputTensor.newBuilder().setName("x")), "input \"x\" has no datatype"),
        Arguments.of(
            ModelInferRequest.newBuilder()
                .putParameters("priority", InferParameter.newBuilder().setUint64Param(-1).build())
                .build(),
            "parameter \"priority\" is 18446744073709551615"),
        Arguments.of(classification(0), "\"classification\" must be a whole number of at least 1"),
        Arguments.of(classification(1L << 31), "\"classification\" must be a whole number"));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void namesTheMisfit(ModelInferRequest request, String message) {
    assertRefused(request.toByteArray(), message);
  }

  @Test
  void refusesSharedMemory() {
    ModelInferRequest request =
        request(
            input(DataType.FP32, 1)
                .putParameters(
                    "shared_memory_region",
                    InferParameter.newBuilder().setStringParam("r").build()));

    assertThatThrownBy(() -> decode(request.toByteArray()))
        .hasMessageContaining("tensor \"x\" is in shared memory")
        .extracting(e -> ((InferenceException) e).code())
        .isEqualTo(Code.UNSUPPORTED);
  }

  @Test
  void refusesTooMany() {
    ModelInferRequest.Builder tensors = ModelInferRequest.newBuilder();
    ModelInferRequest.Builder outputs = ModelInferRequest.newBuilder();
    ModelInferRequest.Builder raw = ModelInferRequest.newBuilder();
    ModelInferRequest.Builder parameters = ModelInferRequest.newBuilder();
    for (int i = 0; i < 1025; i++) {
      tensors.addInputs(input(DataType.INT8, 0));
      outputs.addOutputs(InferRequestedOutputTensor.newBuilder().setName("y"));
      raw.addRawInputContents(ByteString.EMPTY);
      parameters.putParameters("p" + i, InferParameter.newBuilder().setBoolParam(true).build());
    }

    assertRefused(tensors.build().toByteArray(), "more than 1024 tensors");
    assertRefused(outputs.build().toByteArray(), "more than 1024 tensors");
    assertRefused(raw.build().toByteArray(), "more than 1024 tensors");
    assertRefused(parameters.build().toByteArray(), "more than 256 parameters");
  }

  @Test
  void keepsHostileTextOutOfMessages() {
    String endless = "x".repeat(1_000_000);
    ModelInferRequest request =
        request(InferInputTensor.newBuilder().setName(endless).setDatatype(endless));

    assertThatThrownBy(() -> decode(request.toByteArray()))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
  }

  /** Whatever bytes come: a request or a refusal, at a bounded price. */
  @Test
  void survivesDamagedMessages() {
    byte[][] good = {
      request(input(DataType.FP32, 2, 2).setContents(fp32(4))).toBuilder()
          .addInputs(
              InferInputTensor.newBuilder()
                  .setName("text")
                  .setDatatype("BYTES")
                  .addShape(3)
                  .setContents(ElementsOf.typed(DataType.BYTES)))
          .addInputs(
              InferInputTensor.newBuilder()
                  .setName("n")
                  .setDatatype("INT64")
                  .addShape(3)
                  .setContents(ElementsOf.typed(DataType.INT64)))
          .build()
          .toByteArray(),
      request(input(DataType.FP32, 1, 3), ByteString.copyFrom(ElementsOf.raw(DataType.FP32)))
          .toBuilder()
          .addInputs(InferInputTensor.newBuilder().setName("t").setDatatype("BYTES").addShape(3))
          .addRawInputContents(ByteString.copyFrom(ElementsOf.raw(DataType.BYTES)))
          .build()
          .toByteArray()
    };
    Random random = new Random(7);
    int accepted = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] message = damaged(good[round % good.length], random);
      AtomicLong asked = new AtomicLong();
      try {
        GrpcCodec.decode(
            Bytes.all(message),
            bytes -> {
              asked.addAndGet(bytes);
              return TensorAllocator.garbageCollected().allocate(bytes);
            });
        accepted++;
        assertThat(isMessage(message)).isTrue();
      } catch (InferenceException refused) {
        assertThat(refused.code()).isIn(Code.INVALID, Code.UNSUPPORTED);
      }
      assertThat(asked.get()).isLessThanOrEqualTo(8L * message.length);
      GrpcCodec.head(Bytes.all(message));
    }
    assertThat(accepted).isGreaterThan(1000);
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] message =
        random.nextInt(8) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
    for (int i = random.nextInt(3); i >= 0 && message.length > 0; i--) {
      message[random.nextInt(message.length)] = (byte) random.nextInt(256);
    }
    return message;
  }

  private static boolean isMessage(byte[] bytes) {
    try {
      ModelInferRequest.parseFrom(bytes);
      return true;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static ModelInferRequest request(InferInputTensor.Builder input, ByteString... raw) {
    return ModelInferRequest.newBuilder()
        .setModelName("m")
        .setId("1")
        .putParameters("p", InferParameter.newBuilder().setDoubleParam(1.5).build())
        .addInputs(input)
        .addAllRawInputContents(Arrays.asList(raw))
        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y"))
        .build();
  }

  private static ModelInferRequest classification(long classes) {
    return ModelInferRequest.newBuilder()
        .addOutputs(
            InferRequestedOutputTensor.newBuilder()
                .setName("y")
                .putParameters(
                    "classification", InferParameter.newBuilder().setInt64Param(classes).build()))
        .build();
  }

  private static InferInputTensor.Builder input(DataType type, long... shape) {
    return GrpcCodecTest.input("x", type, shape);
  }

  private static InferTensorContents fp32(int count) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    IntStream.range(0, count).forEach(contents::addFp32Contents);
    return contents.build();
  }

  private static void decode(byte[] message) {
    GrpcCodec.decode(Bytes.all(message), TensorAllocator.garbageCollected());
  }

  private static void assertRefused(byte[] message, String explanation) {
    assertThatThrownBy(() -> decode(message))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining(explanation)
        .extracting(e -> ((InferenceException) e).code())
        .isEqualTo(Code.INVALID);
  }
}
