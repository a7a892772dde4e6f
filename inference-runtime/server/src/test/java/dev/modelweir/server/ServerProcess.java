package dev.modelweir.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged application, running. */
record ServerProcess(Process process, Path output, Path terminationLog, int port, int metricsPort)
    implements AutoCloseable {
  private static final Path APPLICATION = Path.of("target/quarkus-app/quarkus-run.jar");

  static ServerProcess serve(Path folder, Path modelPath, String name, String... more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--model-path", modelPath.toString(), "--model-name", name));
    for (int i = 0; i < more.length; i += 2) {
      if (!more[i + 1].isEmpty()) {
        arguments.addAll(List.of(more[i], more[i + 1]));
      }
    }
    return onFreePorts(folder, arguments);
  }

  /** Serves one model as in a container with so many CPUs. */
  static ServerProcess onCpus(int cpus, Path folder, Path modelPath, String name)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--model-path", modelPath.toString(), "--model-name", name));
    return onFreePorts(folder, arguments, "-XX:ActiveProcessorCount=" + cpus);
  }

  /** Serves many models. */
  static ServerProcess repository(Path folder, Path models, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--model-repository", models.toString()));
    arguments.addAll(List.of(more));
    return onFreePorts(folder, arguments);
  }

  private static ServerProcess onFreePorts(Path folder, List<String> arguments, String... jvm)
      throws IOException {
    int port = freePort();
    int metricsPort = freePort();
    arguments.addAll(List.of("--http-port", "" + port, "--metrics-port", "" + metricsPort));
    return start(folder, port, metricsPort, arguments, jvm);
  }

  static ServerProcess start(Path folder, String... arguments) throws IOException {
    return start(folder, 0, 0, List.of(arguments));
  }

  private static ServerProcess start(
      Path folder, int port, int metricsPort, List<String> arguments, String... jvm)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                // A heap that is there from the start and stays: what grows then is no heap.
                "-XX:+UseSerialGC",
                "-Xms192m",
                "-Xmx192m",
                "-XX:+AlwaysPreTouch"));
    command.addAll(List.of(jvm));
    command.addAll(List.of("-jar", APPLICATION.toAbsolutePath().toString()));
    command.addAll(arguments);
    Path output = folder.resolve("output");
    Path termination = folder.resolve("termination");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MODELWEIR_TERMINATION_LOG", termination.toString());
    builder.environment().put("AWS_ENDPOINT_URL", "http://localhost:1");
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    return new ServerProcess(builder.start(), output, termination, port, metricsPort);
  }

  URI address() {
    return URI.create("http://localhost:" + port);
  }

  Client client() {
    return new Client(address());
  }

  Client metrics() {
    return new Client(URI.create("http://localhost:" + metricsPort));
  }

  boolean answers(String path, int status) {
    try {
      return client().get(path).statusCode() == status;
    } catch (UncheckedIOException notListening) {
      return false;
    }
  }

  int exitCode() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("still running: " + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  String log() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
