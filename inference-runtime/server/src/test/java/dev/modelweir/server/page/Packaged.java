package dev.modelweir.server.page;

import static org.awaitility.Awaitility.await;

import dev.modelweir.server.Client;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged application as a process, on ports that the system chose. */
public record Packaged(Process process, URI address, Path output) implements AutoCloseable {
  private static final Path APPLICATION = Path.of("target/quarkus-app/quarkus-run.jar");
  private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:([0-9]+)");

  /** Starts it and waits until it is ready. */
  public static Packaged start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                APPLICATION.toAbsolutePath().toString(),
                "--http-port",
                "0",
                "--metrics-port",
                "0"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> listening(output).find() || !process.isAlive());
    Matcher listening = listening(output);
    if (!listening.find()) {
      throw new AssertionError("it ended: " + Files.readString(output));
    }
    URI address = URI.create("http://localhost:" + listening.group(1));
    Client client = new Client(address);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> client.get("/v2/health/ready").statusCode() == 200);
    return new Packaged(process, address, output);
  }

  private static Matcher listening(Path output) throws IOException {
    return LISTENING.matcher(Files.readString(output));
  }

  /** All that it has said so far. */
  public String log() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
