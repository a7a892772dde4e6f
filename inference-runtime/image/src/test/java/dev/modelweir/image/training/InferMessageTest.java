package dev.modelweir.image.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class InferMessageTest {
  @Test
  void isWhatProtocolBuffersWrite() {
    byte[] message = InferMessage.of("m", "x", "FP32", new int[] {1, 300}, new byte[] {1, 2});

    assertThat(HexFormat.of().formatHex(message))
        .isEqualTo(
            "0a016d" // model_name
                + "2a0e" // inputs
                + "0a0178" // name
                + "120446503332" // datatype
                + "1801" // shape
                + "18ac02"
                + "3a020102"); // raw_input_contents
  }
}
