package dev.modelweir.operator.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A server with faults: of its own, or in front of a real one, whose answers then get lost. */
public final class FlakyServer implements AutoCloseable {

  /** What to answer instead. */
  record Fault(String path, int status, String body) {}

  private final HttpServer server;
  private final URI real;
  private final HttpClient http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private final Set<String> silentAfter = ConcurrentHashMap.newKeySet();
  private final Map<String, Fault> refused = new ConcurrentHashMap<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();

  /**
   * @param real where requests go before their answers are replaced; one that does not answer makes
   *     every request without a fault a 502
   */
  public FlakyServer(URI real) {
    this(real, InetAddress.getLoopbackAddress());
  }

  /**
   * @param address where it listens
   */
  public FlakyServer(URI real, InetAddress address) {
    this.real = real;
    try {
      server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /** Its address on this machine. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** The next answer to a request of this operation is this one, whatever the real server did. */
  public void lose(String operation, int status, String body) {
    faults.add(new Fault(operation, status, body));
  }

  /** Requests of this operation are not answered any more. */
  public void silence(String operation) {
    silent.add(operation);
  }

  /** Requests of this operation are carried out, and not answered any more. */
  public void silenceAfter(String operation) {
    silentAfter.add(operation);
  }

  /**
   * Every request of this operation is answered so, and not carried out.
   *
   * @param body in which {@code %s} becomes another word each time
   */
  public void refuse(String operation, int status, String body) {
    refused.put(operation, new Fault(operation, status, body));
  }

  /** Operations that were asked for, oldest first. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Who asked, by the header of each request. */
  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String operation = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
    requests.add(operation);
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    if (silent.contains(operation)) {
      awaitEnd();
    }
    Fault refusal = refused.get(operation);
    if (refusal != null) {
      String page = refusal.body().formatted(UUID.randomUUID());
      answer(exchange, refusal.status(), page.getBytes(StandardCharsets.UTF_8));
      return;
    }
    int status;
    byte[] body;
    try {
      HttpResponse<byte[]> answer = forward(exchange);
      status = answer.statusCode();
      body = answer.body();
    } catch (IOException e) {
      status = 502;
      body = "no server behind".getBytes(StandardCharsets.UTF_8);
    }
    for (Fault fault : faults) {
      if (fault.path().equals(operation) && faults.remove(fault)) {
        status = fault.status();
        body = fault.body().getBytes(StandardCharsets.UTF_8);
        break;
      }
    }
    if (silentAfter.contains(operation)) {
      awaitEnd();
    }
    answer(exchange, status, body);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(real.resolve(exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
            .header("Content-Type", "application/json")
            .build();
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void awaitEnd() throws IOException {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("the server ends");
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    http.shutdownNow();
  }
}
