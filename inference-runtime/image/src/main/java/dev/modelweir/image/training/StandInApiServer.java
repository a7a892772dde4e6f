package dev.modelweir.image.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers a Kubernetes client well enough for an operator to start: discovery is empty, collections
 * are empty until something is written, watches stay open and tell of every write. The first watch
 * of InferenceServices makes one appear.
 */
final class StandInApiServer implements AutoCloseable {
  static final String NAMESPACE = "training";
  private static final String SAMPLE = "/dev/modelweir/image/inference-service.json";
  private static final String WATCHED = "inferenceservices";

  private final ObjectStore store = new ObjectStore();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Certificate certificate;
  private final HttpsServer server;
  private volatile boolean statusWritten;
  private volatile long lastWrite = System.nanoTime();
  private volatile Optional<RuntimeException> failure = Optional.empty();

  private StandInApiServer(Certificate certificate) throws IOException {
    this.certificate = certificate;
    this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  /** Starts on a free port of the loopback interface. */
  static StandInApiServer start(Path work) throws IOException, InterruptedException {
    var standIn = new StandInApiServer(Certificate.create(work));
    standIn.server.start();
    return standIn;
  }

  String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What a client has to trust, as PEM. */
  Path certificate() {
    return certificate.file();
  }

  /**
   * Whether the status of the InferenceService was written.
   *
   * @throws IllegalStateException when the stand-in itself is at fault
   */
  boolean isStatusWritten() {
    failure.ifPresent(cause -> {
      throw new IllegalStateException("the stand-in for the API server failed", cause);
    });
    return statusWritten;
  }

  /** Whether nothing but leases was written for that long. */
  boolean isQuietFor(Duration time) {
    return System.nanoTime() - lastWrite > time.toNanos();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Optional<ApiPath> path = ApiPath.parse(exchange.getRequestURI().getPath());
      if (exchange.getRequestHeaders().containsKey("Upgrade")) {
        // An answer other than "switching protocols" makes Fabric8 watch by plain HTTP.
        answer(exchange, 200, status(200, "no WebSockets here"));
      } else if (path.isEmpty()) {
        answer(exchange, 200, discovery(exchange.getRequestURI().getPath()));
      } else if (exchange.getRequestMethod().equals("GET")) {
        read(exchange, path.get());
      } else {
        write(exchange, path.get());
      }
    } catch (RuntimeException broken) {
      failure = Optional.of(broken);
      throw broken;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static ObjectNode discovery(String path) {
    ObjectNode answer = ObjectStore.JSON.createObjectNode();
    if (path.equals("/version")) {
      return answer.put("major", "1").put("minor", "37").put("gitVersion", "v1.37.0");
    }
    answer.put("kind", "APIResourceList").put("groupVersion", path.replace("/apis/", ""));
    answer.putArray("resources");
    answer.putArray("groups");
    return answer;
  }

  private void read(HttpExchange exchange, ApiPath path) throws IOException, InterruptedException {
    String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
    if (query.contains("watch=true")) {
      watch(exchange, path);
    } else if (path.isCollection()) {
      answer(exchange, 200, store.list(path));
    } else {
      Optional<ObjectNode> found = store.find(path.object(path.name()));
      answer(
          exchange, found.isPresent() ? 200 : 404, found.orElseGet(() -> status(404, "not found")));
    }
  }

  private void watch(HttpExchange exchange, ApiPath path) throws IOException, InterruptedException {
    ObjectStore.Watch watch = store.watch(path);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    // Without this the client would not see that its watch is open until the first event.
    exchange.getResponseBody().flush();
    if (path.resource().equals(WATCHED)) {
      store.write(new ApiPath(path.apiVersion(), NAMESPACE, WATCHED, "training", ""), sample());
    }
    OutputStream body = exchange.getResponseBody();
    while (true) {
      JsonNode event = watch.events().take();
      body.write((event + "\n").getBytes(StandardCharsets.UTF_8));
      body.flush();
    }
  }

  private void write(HttpExchange exchange, ApiPath path) throws IOException {
    JsonNode body = ObjectStore.JSON.readTree(exchange.getRequestBody());
    if (!path.resource().equals("leases")) {
      lastWrite = System.nanoTime();
    }
    if (exchange.getRequestMethod().equals("DELETE")) {
      store.delete(path.object(path.name()));
      answer(exchange, 200, status(200, "deleted"));
    } else if (body instanceof ObjectNode object) {
      JsonNode metadata = object.path("metadata");
      String name =
          path.isCollection()
              ? metadata.path("name").asText(metadata.path("generateName").asText() + "1")
              : path.name();
      answer(
          exchange,
          exchange.getRequestMethod().equals("POST") ? 201 : 200,
          store.write(path.object(name), object));
      statusWritten |= path.resource().equals(WATCHED) && path.subresource().equals("status");
    } else {
      answer(exchange, 415, status(415, "only objects are understood, not JSON patches"));
    }
  }

  private static ObjectNode sample() throws IOException {
    try (InputStream in = StandInApiServer.class.getResourceAsStream(SAMPLE)) {
      return (ObjectNode) ObjectStore.JSON.readTree(in);
    }
  }

  private static ObjectNode status(int code, String message) {
    return ObjectStore.JSON
        .createObjectNode()
        .put("apiVersion", "v1")
        .put("kind", "Status")
        .put("status", code < 400 ? "Success" : "Failure")
        .put("reason", code == 404 ? "NotFound" : "")
        .put("message", message)
        .put("code", code);
  }

  private static void answer(HttpExchange exchange, int code, ObjectNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
