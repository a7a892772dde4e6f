package dev.modelweir.server.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {
  @Test
  void writesTextThatIsUtf8() {
    byte[] tree = "Bäume 木".getBytes(StandardCharsets.UTF_8);

    assertThat(new String(Predictions.encode(strings(tree, new byte[0])), StandardCharsets.UTF_8))
        .isEqualTo("{\"predictions\":[\"Bäume 木\",\"\"]}");
  }

  @Test
  void refusesBytesThatAreNot() {
    assertThatThrownBy(() -> Predictions.encode(strings(new byte[] {'a', (byte) 0xff})))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("output \"y\" holds bytes that are not UTF-8");
  }

  private static InferResponse strings(byte[]... strings) {
    ByteBuffer data = ByteBuffer.allocate(100).order(ByteOrder.nativeOrder());
    for (byte[] string : strings) {
      data.putInt(string.length).put(string);
    }
    Tensor tensor = new Tensor("y", DataType.BYTES, Shape.of(strings.length), data.flip());
    return new InferResponse("m", "1", null, List.of(tensor));
  }
}
