package dev.modelweir.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorSpec;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureTest {
  private static final Signature MODEL =
      new Signature(
          List.of(new TensorSpec("x", DataType.FP32, Shape.of(-1, 4))),
          List.of(
              new TensorSpec("y", DataType.INT64, Shape.of(-1)),
              new TensorSpec("any", DataType.FP32, Shape.of())));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x FP32 -1,4  | y INT64 -1      |
          x FP32 8,4   | y INT64 8       |
          x FP32 -1,4  | any FP32 -1,3   |
          x FP32 -1,4  | z FP32 -1       | it does not give "z" FP32 [-1]
          x FP32 -1,-1 | y INT64 -1      | it takes "x" FP32 [-1,4] instead of "x" FP32 [-1,-1]
          x FP32 4     | y INT64 -1      | it takes "x" FP32 [-1,4] instead of "x" FP32 [4]
          x FP64 -1,4  | y INT64 -1      | it takes "x" FP32 [-1,4] instead of "x" FP64 [-1,4]
          x FP32 -1,4  | y FP32 -1       | it gives "y" INT64 [-1] instead of "y" FP32 [-1]
          w FP32 -1,4  | y INT64 -1      | it also takes "x" FP32 [-1,4], which is not declared
          """)
  void saysWhatDoesNotFit(String input, String output, String misfit) {
    Signature declared = new Signature(List.of(spec(input)), List.of(spec(output)));
    assertThat(MODEL.misfit(declared).orElse(null)).isEqualTo(misfit);
  }

  @Test
  void aFixedBatchIsNoOpenOne() {
    Signature fixed =
        new Signature(List.of(new TensorSpec("x", DataType.FP32, Shape.of(1, 4))), List.of());
    assertThat(fixed.misfit(new Signature(MODEL.inputs(), List.of())))
        .hasValue("it takes \"x\" FP32 [1,4] instead of \"x\" FP32 [-1,4]");
  }

  @Test
  void readsWhatItWrites() {
    assertThat(Signature.parse(MODEL.toJson())).isEqualTo(MODEL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"inputs": [{"name": "x"}]}                                         | needs name, datatype and shape
          {"inputs": [{"name": "x", "datatype": "FLOAT", "shape": [1]}]}      | unknown datatype FLOAT
          {"inputs": {"x": 1}}                                                | must be a list
          {"outputs": [{"name": "x", "datatype": "FP32", "shape": ["batch"]}]} | must be a list
          """)
  void saysWhatIsWrongWithADeclaration(String json, String message) {
    assertThatThrownBy(() -> Signature.parse(new JsonObject(json)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static TensorSpec spec(String words) {
    String[] parts = words.split(" ", -1);
    long[] dims = List.of(parts[2].split(",", -1)).stream().mapToLong(Long::parseLong).toArray();
    return new TensorSpec(parts[0], DataType.valueOf(parts[1]), Shape.of(dims));
  }
}
