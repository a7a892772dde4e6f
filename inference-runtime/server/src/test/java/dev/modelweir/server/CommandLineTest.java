package dev.modelweir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  @Test
  void servesByDefault() {
    assertThat(CommandLine.parse()).isEqualTo(new CommandLine.Serve(Map.of()));
    assertThat(CommandLine.parse("--model-path", "/m", "--http-port", "1"))
        .isEqualTo(
            new CommandLine.Serve(Map.of("modelweir.model-path", "/m", "quarkus.http.port", "1")));
  }

  @Test
  void leavesTheArgumentsOfOtherCommandsAlone() {
    assertThat(CommandLine.parse("fetch", "--help"))
        .isEqualTo(new CommandLine.Fetch(List.of("--help")));
    assertThat(CommandLine.parse("digest", "--of", "/data"))
        .isEqualTo(new CommandLine.Digest(List.of("--of", "/data")));
    assertThat(CommandLine.parse("publish", "--from", "/out"))
        .isEqualTo(new CommandLine.Publish(List.of("--from", "/out")));
  }

  @Test
  void explainsItself() {
    assertThat(CommandLine.parse("--http-port", "1", "--help")).isEqualTo(new CommandLine.Help());
    assertThat(CommandLine.parse("--http-port"))
        .isEqualTo(new CommandLine.Invalid("--http-port needs a value"));
    assertThat(CommandLine.parse("serve"))
        .isEqualTo(new CommandLine.Invalid("unknown argument \"serve\""));
    CommandLine.FLAGS.keySet().forEach(flag -> assertThat(CommandLine.USAGE).contains(flag));
  }
}
