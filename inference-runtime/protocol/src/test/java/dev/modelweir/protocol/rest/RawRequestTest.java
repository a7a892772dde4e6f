package dev.modelweir.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies without JSON. */
class RawRequestTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32|2,3|24|[2,3]",
        "FP32|-1,3|12|[1,3]",
        "FP32|-1,-1|12|[1,3]",
        "FP32|-1,2,-1|24|[1,2,3]",
        "FP32|2,-1|24|[2,3]",
        "INT8|-1|5|[5]",
        "INT8|-1|0|[0]",
        "INT8|-1,-1,0|0|[1,0,0]",
        "FP64||8|[]",
        "BYTES|1|5|[1]",
        "BYTES|-1,-1|5|[1,1]",
        "BYTES|-1|0|[1]",
      })
  void takesItsShapeFromTheModel(DataType type, String shape, int length, String expected) {
    InferRequest request = decode(new byte[length], model(type, shape));

    Tensor tensor = request.inputs().getFirst();
    assertThat(tensor.name()).isEqualTo("x");
    assertThat(tensor.type()).isEqualTo(type);
    assertThat(tensor.shape()).hasToString(expected);
    assertThat(tensor.data().isDirect()).isTrue();
    assertThat(tensor.data().remaining())
        .isEqualTo(type == DataType.BYTES ? Integer.BYTES + length : length);
    assertThat(request.binaryOutputs()).isTrue();
    assertThat(request.outputs()).isEmpty();
  }

  @Test
  void takesTheWholeBodyAsData() {
    Tensor numbers =
        decode(new byte[] {1, 0, 2, 0}, model(DataType.INT16, "-1")).inputs().getFirst();
    assertThat(numbers.data().getShort(0)).isEqualTo((short) 1);
    assertThat(numbers.data().getShort(2)).isEqualTo((short) 2);

    Tensor string = decode(new byte[] {'a', 'b'}, model(DataType.BYTES, "1")).inputs().getFirst();
    assertThat(string.data().getInt(0)).isEqualTo(2);
    assertThat(string.data().get(4)).isEqualTo((byte) 'a');
    assertThat(string.data().get(5)).isEqualTo((byte) 'b');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32|2,3|20|the body holds 5 values of FP32, which does not fit shape [2,3]",
        "FP32|-1,3|24|the body holds 6 values of FP32, which does not fit shape [-1,3]",
        "FP32|-1,2,-1|20|the body holds 5 values of FP32, which does not fit shape [-1,2,-1]",
        "FP32|-1|5|a body of 5 bytes is no whole number of FP32 values of 4 bytes",
        "FP32|2,-1,-1|8|can leave only one dimension open besides the batch",
        "FP32|4611686018427387904,4|8|needs more values than a body of 8 bytes can hold",
        "INT8||2|does not fit shape []",
        "BYTES|2|5|the body holds 1 values of BYTES, which does not fit shape [2]",
      })
  void refusesLengthsThatDoNotFit(DataType type, String shape, int length, String message) {
    assertThatThrownBy(() -> decode(new byte[length], model(type, shape)))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("input \"x\"")
        .hasMessageContaining(message);
  }

  @Test
  void refusesModelsWithSeveralInputs() {
    TensorSpec input = new TensorSpec("x", DataType.INT8, Shape.of(1));
    ModelMetadata two = new ModelMetadata("m", List.of("1"), "p", List.of(input, input), List.of());

    assertThatThrownBy(() -> decode(new byte[1], two))
        .isInstanceOf(InferenceException.class)
        .hasMessage("a request without JSON needs a model with one input; \"m\" takes 2");
  }

  @Test
  void refusesBytesThatAreNeitherTrueNorFalse() {
    assertThatThrownBy(() -> decode(new byte[] {1, 3}, model(DataType.BOOL, "-1")))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("element 1 is 3");
  }

  private static InferRequest decode(byte[] body, ModelMetadata model) {
    return new RestCodec().decodeRaw(Bytes.all(body), model, TensorAllocator.garbageCollected());
  }

  private static ModelMetadata model(DataType type, String shape) {
    long[] dims =
        shape == null
            ? new long[0]
            : Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
    TensorSpec input = new TensorSpec("x", type, Shape.of(dims));
    return new ModelMetadata("m", List.of("1"), "p", List.of(input), List.of());
  }
}
