package dev.modelweir.operator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real MLflow server, as PyPI has it, in a process of its own on the loopback address. */
public final class MlflowServer implements AutoCloseable {

  // The same from each module.
  private static final Path CLIENTS = Path.of("../e2e/clients/clients").toAbsolutePath();
  // It makes its database anew, table by table.
  private static final Duration TO_START = Duration.ofMinutes(5);
  private static final Duration TO_STOP = Duration.ofMinutes(1);

  private final Path log;
  private final URI url;
  private final Process process;

  private MlflowServer(Path folder) throws IOException {
    int port = freePort();
    log = folder.resolve("log");
    url = URI.create("http://127.0.0.1:" + port);
    process = clients(log, "--folder", folder.toString(), "--port", Integer.toString(port)).start();
  }

  /** Starts one, or skips the test when its packages are not to be had. */
  public static MlflowServer start(Path folder) throws Exception {
    Process install = clients(folder.resolve("install"), "--help").start();
    assertThat(install.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assumeTrue(
        install.exitValue() == 0,
        "the packages of e2e/clients/tracking are not to be had: "
            + Files.readString(folder.resolve("install")));
    MlflowServer server = new MlflowServer(folder);
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest health = HttpRequest.newBuilder(server.url.resolve("/health")).build();
      await()
          .atMost(TO_START)
          .failFast("MLflow has ended: " + server.log, () -> !server.process.isAlive())
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> http.send(health, BodyHandlers.discarding()).statusCode() == 200);
    } catch (RuntimeException e) {
      server.close();
      throw new IllegalStateException(Files.readString(server.log), e);
    }
    return server;
  }

  public URI url() {
    return url;
  }

  private static ProcessBuilder clients(Path output, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(CLIENTS.toString(), "tracking");
    builder.command().addAll(List.of(arguments));
    return builder.redirectErrorStream(true).redirectOutput(output.toFile());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until nothing writes to its folder any more. */
  @Override
  public void close() {
    // Its command line starts the web server as a child and does not always end it.
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroy);
    await().atMost(TO_STOP).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
  }
}
