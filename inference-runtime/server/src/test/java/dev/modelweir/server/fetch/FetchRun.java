package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.exit.ExitReason;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The command with a folder of its own, short pauses and a recorded log. */
final class FetchRun {
  final Map<String, String> environment = new HashMap<>();
  final List<String> log = new ArrayList<>();
  final Path target;
  private final Path folder;
  private int exitCode = -1;

  FetchRun(Path folder) {
    this.folder = folder;
    this.target = folder.resolve("models");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.put("MODELWEIR_TERMINATION_LOG", terminationLog().toString());
  }

  FetchRun run(String uri, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--uri", uri, "--to", target.toString()));
    arguments.addAll(List.of(more));
    exitCode =
        new FetchCommand(
                environment,
                log::add,
                Duration.ofMillis(800),
                Duration.ofMillis(10),
                folder.resolve("registry"))
            .run(arguments);
    return this;
  }

  /** Succeeded, and nothing is left but the files and the marker. */
  FetchRun succeeded() {
    assertThat(exitCode).as(() -> String.join("\n", log)).isZero();
    assertThat(digest()).matches("sha256:[0-9a-f]{64}");
    assertThat(target.resolve(".partial-fetch")).doesNotExist();
    return this;
  }

  /** What it says to have brought. */
  String digest() {
    try {
      return Files.readString(terminationLog());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ended with the reason, nothing visible on the volume; returns the message. */
  String failed(ExitReason reason) {
    assertThat(exitCode).as(() -> String.join("\n", log)).isEqualTo(reason.code());
    assertThat(visible()).isEmpty();
    try {
      JsonObject termination = new JsonObject(Files.readString(terminationLog()));
      assertThat(termination.getString("reason")).isEqualTo(reason.name());
      assertThat(log.getLast()).isEqualTo(termination.encode());
      return termination.getString("message");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file that a server would see, relative to the target. */
  List<String> visible() {
    if (!Files.isDirectory(target)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(target)) {
      return files
          .filter(file -> !Files.isDirectory(file))
          .map(file -> target.relativize(file).toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path terminationLog() {
    return folder.resolve("termination");
  }
}
