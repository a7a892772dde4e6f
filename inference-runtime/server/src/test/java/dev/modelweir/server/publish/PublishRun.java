package dev.modelweir.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.TestModels;
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

/** The command with an output of training, a store, short pauses and a recorded log. */
final class PublishRun {
  static final int PART_SIZE = 5 << 20;

  final Map<String, String> environment = new HashMap<>();
  final List<String> log = new ArrayList<>();
  final Path output;
  final Path store;
  private final Path terminationLog;
  private int exitCode = -1;

  PublishRun(Path folder) {
    output = folder.resolve("output");
    store = folder.resolve("store");
    terminationLog = folder.resolve("termination");
    environment.put("MODELWEIR_TERMINATION_LOG", terminationLog.toString());
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts one of the test models into the output. */
  PublishRun with(String model) {
    return with("model.onnx", TestModels.file(model));
  }

  PublishRun with(String name, Path content) {
    try {
      return with(name, Files.readAllBytes(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PublishRun with(String name, String content) {
    return with(name, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  PublishRun with(String name, byte[] content) {
    try {
      Path file = output.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PublishRun run(String... more) {
    return to(store.toUri().toString().replaceFirst("^file:/+", "file:///"), more);
  }

  PublishRun to(String uri, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--from", output.toString(), "--to", uri, "--model", "iris"));
    arguments.addAll(List.of(more));
    try {
      Files.deleteIfExists(terminationLog);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    exitCode =
        new PublishCommand(
                environment, log::add, Duration.ofMillis(2000), Duration.ofMillis(10), PART_SIZE)
            .run(arguments);
    return this;
  }

  /** Succeeded; returns the termination message. */
  JsonObject succeeded() {
    assertThat(exitCode).as(() -> String.join("\n", log)).isZero();
    return termination();
  }

  /** Ended with the reason; returns the message. */
  String failed(ExitReason reason) {
    assertThat(exitCode).as(() -> String.join("\n", log)).isEqualTo(reason.code());
    JsonObject termination = termination();
    assertThat(termination.getString("reason")).isEqualTo(reason.name());
    assertThat(log.getLast()).isEqualTo(termination.encode());
    return termination.getString("message");
  }

  int exitCode() {
    return exitCode;
  }

  private JsonObject termination() {
    try {
      return new JsonObject(Files.readString(terminationLog));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file in the store, hidden ones as well. */
  List<String> stored() {
    if (!Files.isDirectory(store)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(store)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> store.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
