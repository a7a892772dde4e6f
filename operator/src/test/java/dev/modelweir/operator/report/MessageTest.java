package dev.modelweir.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageTest {

  @Test
  void isOneLineWithoutControlCharacters() {
    assertThat(Message.bounded("one line")).isEqualTo("one line");
    assertThat(Message.bounded("")).isEmpty();
    assertThat(Message.bounded(" \t padded \n")).isEqualTo("padded");
    assertThat(Message.bounded("two\nlines\r\n\tand tabs")).isEqualTo("two lines and tabs");
    assertThat(Message.bounded("\u001b[31mred\u0000")).isEqualTo("[31mred");
    assertThat(Message.bounded("Größe 1 µs ✓")).isEqualTo("Größe 1 µs ✓");
  }

  @Test
  void aQuotedSentenceRunsIntoOurs() {
    assertThat(Message.bounded("he said: no. ; do this")).isEqualTo("he said: no; do this");
    assertThat(Message.bounded("he said: no.; do this")).isEqualTo("he said: no; do this");
    assertThat(Message.bounded("it ends. And on; do this")).isEqualTo("it ends. And on; do this");
  }

  @Test
  void isNeverLongerThanTheSchemaAllows() {
    assertThat(Message.bounded("x".repeat(1024))).isEqualTo("x".repeat(1024));
    assertThat(Message.bounded("x".repeat(1025))).isEqualTo("x".repeat(1023) + "…");
  }

  /** The API server takes no text that is not valid UTF-8, such as half of a pair. */
  @Test
  void isValidTextEvenWhenItCutsACharacterInTwo() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      String text = "x".repeat(1000 + random.nextInt(40)) + "😀".repeat(30) + "\ud83d";
      String bounded = Message.bounded(text);
      assertThat(bounded).hasSizeLessThanOrEqualTo(1024);
      assertThat(bounded.codePoints()).noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
    }
  }
}
