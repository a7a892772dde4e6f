package dev.modelweir.server.exit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminationLogTest {
  @Test
  void writesReasonAndMessage(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("log");

    String line =
        new TerminationLog(file).write(new ExitException(ExitReason.DiskFull, "full \"up\""));

    assertThat(Files.readString(file))
        .isEqualTo(line)
        .isEqualTo("{\"reason\":\"DiskFull\",\"message\":\"full \\\"up\\\"\"}");
  }

  @Test
  void staysWithinWhatTheKubeletReads(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("log");

    new TerminationLog(file).write(new ExitException(ExitReason.FetchFailed, "木\"".repeat(9000)));

    assertThat(Files.size(file)).isBetween(2000L, 4096L);
    assertThat(new JsonObject(Files.readString(file)).getString("message")).endsWith("…");
  }

  @Test
  void stillReturnsTheLineWhenTheFileCannotBeWritten(@TempDir Path folder) {
    TerminationLog log = new TerminationLog(folder.resolve("no/such/folder"));

    assertThat(log.write(new ExitException(ExitReason.ModelNotFound, "gone")))
        .contains("ModelNotFound");
  }

  @Test
  void writesAResultAsItIs(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("log");

    new TerminationLog(file).write("{\"uri\":\"file:///m\"}");

    assertThat(Files.readString(file)).isEqualTo("{\"uri\":\"file:///m\"}");
  }

  @Test
  void codesAreThoseOfTheContract() {
    assertThat(ExitReason.values())
        .extracting(ExitReason::code)
        .containsExactly(64, 65, 66, 67, 68, 69, 70, 71, 72);
  }
}
