package dev.modelweir.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandTest {
  private static final Path HERE = Path.of(".");

  @Test
  void returnsWhatTheProgramPrints() throws Exception {
    assertThat(new Command(HERE, "sh", "-c", "echo out; echo err >&2").run())
        .isEqualTo("out\nerr\n");
  }

  @Test
  void aFailureNamesTheCommandItsCodeAndItsLastWords() {
    assertThatThrownBy(() -> new Command(HERE, "sh", "-c", "echo reason; exit 3").run())
        .isInstanceOf(ImageException.class)
        .hasMessageContainingAll("sh -c", "exit code 3", "reason");
  }

  @Test
  void aMissingProgramIsNamed() {
    assertThatThrownBy(() -> new Command(HERE, "no-such-program-here").run())
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("cannot run no-such-program-here");
  }
}
