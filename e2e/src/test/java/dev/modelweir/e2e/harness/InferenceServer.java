package dev.modelweir.e2e.harness;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** The inference runtime as a process on this machine, without Kubernetes. */
public record InferenceServer(Process process, int http, int grpcPort) implements AutoCloseable {
  private static final Path APPLICATION =
      Path.of("../inference-runtime/server/target/quarkus-app/quarkus-run.jar");

  /** Serves every model below the folder, and returns once they are ready. */
  public static InferenceServer repository(Path models) throws IOException {
    int http = freePort();
    int grpc = freePort();
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            // As in the image, where the heap is as small as it can be.
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-jar",
            APPLICATION.toAbsolutePath().normalize().toString(),
            "--model-repository",
            models.toString(),
            "--http-port",
            Integer.toString(http),
            "--grpc-port",
            Integer.toString(grpc),
            "--metrics-port",
            Integer.toString(freePort()));
    java.environment().put("ORT_DISABLE_TELEMETRY", "1");
    java.redirectErrorStream(true).redirectOutput(Path.of("target/inference-server.log").toFile());
    InferenceServer server = new InferenceServer(java.start(), http, grpc);
    Await.until(
        "the inference server is ready", Duration.ofMinutes(1), server::isReady, ready -> ready);
    return server;
  }

  public String url() {
    return "http://127.0.0.1:" + http;
  }

  /** Address of the port for gRPC alone. */
  public String grpc() {
    return "127.0.0.1:" + grpcPort;
  }

  public String pid() {
    return Long.toString(process.pid());
  }

  private boolean isReady() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/v2/health/ready")).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
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
