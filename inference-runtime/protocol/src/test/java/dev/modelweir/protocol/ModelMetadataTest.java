package dev.modelweir.protocol;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelMetadataTest {
  private final ModelMetadata model =
      new ModelMetadata(
          "m",
          List.of("1"),
          "test",
          List.of(
              new TensorSpec("x", DataType.FP32, Shape.of(-1, 4)),
              new TensorSpec("any", DataType.INT64, Shape.of())),
          List.of(new TensorSpec("y", DataType.FP32, Shape.of(-1))));

  private final Tensor x = tensor("x", DataType.FP32, 7, 4);
  private final Tensor any = tensor("any", DataType.INT64, 3, 3);

  @Test
  void acceptsWhatFits() {
    assertThatCode(() -> check(List.of(any, x))).doesNotThrowAnyException();
    assertThatCode(() -> check(List.of(x, any), "y")).doesNotThrowAnyException();
    assertThatCode(() -> check(List.of(tensor("x", DataType.FP32, 0, 4), any)))
        .doesNotThrowAnyException();
  }

  @Test
  void namesWhatIsWrong() {
    refuses("input \"any\" is missing; the model takes \"x\", \"any\"", List.of(x));
    refuses("input \"x\" is given twice", List.of(x, any, x));
    refuses(
        "input \"z\" is unknown; the model takes \"x\", \"any\"",
        List.of(x, any, tensor("z", DataType.FP32)));
    refuses(
        "input \"x\" has datatype FP64, the model takes FP32",
        List.of(tensor("x", DataType.FP64, 1, 4), any));
    refuses(
        "input \"x\" has shape [1,3], the model takes [-1,4]",
        List.of(tensor("x", DataType.FP32, 1, 3), any));
    refuses(
        "input \"x\" has shape [4], the model takes [-1,4]",
        List.of(tensor("x", DataType.FP32, 4), any));
    refuses("output \"w\" is unknown; the model gives \"y\"", List.of(x, any), "w");
  }

  private void refuses(String message, List<Tensor> inputs, String... outputs) {
    assertThatThrownBy(() -> check(inputs, outputs)).hasMessage(message);
  }

  private void check(List<Tensor> inputs, String... outputs) {
    model.arrange(
        new InferRequest(
            null, inputs, Stream.of(outputs).map(RequestedOutput::of).toList(), Map.of()));
  }

  private static Tensor tensor(String name, DataType type, long... dims) {
    return new Tensor(name, type, Shape.of(dims), TensorAllocator.garbageCollected().allocate(0));
  }
}
