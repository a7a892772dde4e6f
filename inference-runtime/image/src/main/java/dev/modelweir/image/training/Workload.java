package dev.modelweir.image.training;

import dev.modelweir.image.ImageException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An application under training: a child process and a client to talk to it. */
public final class Workload implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);

  /** Writing the cache takes a second process and several seconds. */
  private static final Duration END = Duration.ofMinutes(3);

  private static final int SIGTERM_EXIT = 128 + 15;

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Servers take up HTTP/2 only with the first request of a connection, so it has its own. */
  private final HttpClient http2 = HttpClient.newHttpClient();

  private Workload(Process process) {
    this.process = process;
  }

  /** Starts {@code command}; what it prints goes to {@code log}. */
  public static Workload start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new Workload(builder.start());
  }

  /** Waits until {@code condition} holds. */
  public void await(String what, Condition condition) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (!process.isAlive()) {
        throw new ImageException(
            "the application ended with exit code %d before %s"
                .formatted(process.exitValue(), what));
      }
      if (System.nanoTime() - deadline > 0) {
        throw new ImageException("%s did not happen within %s".formatted(what, PATIENCE));
      }
      Thread.sleep(POLL);
    }
  }

  /** Something to wait for. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  /** The status code of a GET, or 0 while nothing listens. */
  public int status(String url) throws InterruptedException {
    try {
      return send(HttpRequest.newBuilder(URI.create(url))).statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  public HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  public HttpResponse<String> post(String url, String json)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /** An inference with binary tensors behind the JSON. */
  public HttpResponse<String> postBinary(String url, byte[] json, byte[] tensors)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/octet-stream")
            .header("Inference-Header-Content-Length", Integer.toString(json.length))
            .POST(
                HttpRequest.BodyPublishers.concat(
                    HttpRequest.BodyPublishers.ofByteArray(json),
                    HttpRequest.BodyPublishers.ofByteArray(tensors))));
  }

  /**
   * A call of gRPC, which is a POST over HTTP/2 whose body is a message with its length before it.
   * How it ended would be in trailers, which this client does not show; what failed has no body.
   */
  public HttpResponse<byte[]> call(String url, byte[] message)
      throws IOException, InterruptedException {
    byte[] length = ByteBuffer.allocate(5).putInt(1, message.length).array();
    return http2.send(
        HttpRequest.newBuilder(URI.create(url))
            .version(HttpClient.Version.HTTP_2)
            .timeout(PATIENCE)
            .header("Content-Type", "application/grpc")
            .header("TE", "trailers")
            .POST(
                HttpRequest.BodyPublishers.concat(
                    HttpRequest.BodyPublishers.ofByteArray(length),
                    HttpRequest.BodyPublishers.ofByteArray(message)))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(
        request.version(HttpClient.Version.HTTP_1_1).timeout(PATIENCE).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Sends SIGTERM and waits until the application has ended and its AOT cache is written. */
  public void terminate() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
      throw new ImageException("the application did not end within %s of SIGTERM".formatted(END));
    }
    int code = process.exitValue();
    if (code != 0 && code != SIGTERM_EXIT) {
      throw new ImageException("the application answered SIGTERM with exit code " + code);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    http.close();
    http2.close();
  }
}
