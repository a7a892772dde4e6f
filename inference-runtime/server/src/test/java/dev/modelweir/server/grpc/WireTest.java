package dev.modelweir.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.server.http.Codings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  @ParameterizedTest
  @CsvSource({
    "1H, 3600000000000",
    "2M, 120000000000",
    "3S, 3000000000",
    "99999999m, 99999999000000",
    "00000100u, 100000",
    "7n, 7",
    "0n, 0",
    // A hundred years and no more.
    "99999999H, 3153600000000000000",
  })
  void readsTimeouts(String header, long nanos) {
    assertThat(Wire.deadline(header, 1000)).isEqualTo(1000 + nanos);
  }

  @Test
  void readsNoTimeout() {
    assertThat(Wire.deadline(null, 1000)).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S", "1", "1s", "-1S", "+1S", "1.5S", "123456789S", "١S", " 1S"})
  void refusesOtherTimeouts(String header) {
    assertThatThrownBy(() -> Wire.deadline(header, 0))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("grpc-timeout");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model \"x\" is unknown|model \"x\" is unknown",
        "100 %|100 %25",
        "größer|gr%C3%B6%C3%9Fer",
      })
  void encodesMessages(String text, String encoded) {
    assertThat(Wire.percentEncoded(text)).isEqualTo(encoded);
  }

  @Test
  void boundsMessages() {
    assertThat(Wire.percentEncoded("\n".repeat(1_000_000))).hasSizeLessThan(4 * 1024);
  }

  @Test
  void framesSmallMessagesAsTheyAre() {
    byte[] message = new byte[Wire.PREFIX + 3];
    Arrays.fill(message, Wire.PREFIX, message.length, (byte) 7);

    assertThat(Wire.frame(message, Codings.GZIP)).containsExactly(0, 0, 0, 0, 3, 7, 7, 7);
  }

  @Test
  void framesLargeMessagesInTheCoding() {
    byte[] text = "abc".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    byte[] message = ByteBuffer.allocate(Wire.PREFIX + text.length).put(Wire.PREFIX, text).array();

    byte[] framed = Wire.frame(message, Codings.GZIP);

    assertThat(framed[0]).isEqualTo((byte) 1);
    assertThat(ByteBuffer.wrap(framed).getInt(1)).isEqualTo(framed.length - Wire.PREFIX);
    byte[] coded = Arrays.copyOfRange(framed, Wire.PREFIX, framed.length);
    assertThat(Codings.GZIP.decode(Bytes.all(coded), 10_000).array()).isEqualTo(text);
  }
}
