package dev.modelweir.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** Talks to a server under test. */
public final class Client {
  private final HttpClient http;
  private final URI server;

  public Client(URI server) {
    this(server, HttpClient.Version.HTTP_1_1);
  }

  private Client(URI server, HttpClient.Version version) {
    this.http = HttpClient.newBuilder().version(version).build();
    this.server = server;
  }

  /**
   * One whose connection has taken up HTTP/2, which without TLS it does with a first request that
   * has no body.
   */
  public static Client overHttp2(URI server) {
    Client client = new Client(server, HttpClient.Version.HTTP_2);
    client.get("/v2/health/live");
    return client;
  }

  public HttpResponse<String> get(String path) {
    return send("GET", path, "");
  }

  /** Sends JSON. */
  public HttpResponse<String> post(String path, String body) {
    return send("POST", path, body, "Content-Type", "application/json");
  }

  public CompletableFuture<HttpResponse<String>> postAsync(String path, String body) {
    return http.sendAsync(
        request("POST", path, body, "Content-Type", "application/json"),
        BodyHandlers.ofString(UTF_8));
  }

  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    try {
      return http.send(request(method, path, body, headers), BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Posts a body as it is. */
  public HttpResponse<byte[]> sendBytes(String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path)).POST(BodyPublishers.ofByteArray(body));
    return http.send(request.headers(headers).build(), BodyHandlers.ofByteArray());
  }

  private HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }
}
