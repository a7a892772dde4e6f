package dev.modelweir.server.fetch.oci;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelweir.server.Sha256;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A registry with the read side of the distribution API, one repository, and optional log-in. */
public final class TestRegistry implements AutoCloseable {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  public final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> documents = new HashMap<>();
  private final HttpServer server;

  /** USER:PASSWORD in base64 that the token service wants, or null for an open registry. */
  public @Nullable String login;

  /** Break the first blob after so many bytes. */
  public int breakAfter = -1;

  public TestRegistry() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Adds a blob and returns its descriptor. */
  public JsonObject blob(byte[] content, String mediaType) {
    String digest = Sha256.of(content);
    documents.put("blobs/" + digest, content);
    return new JsonObject()
        .put("mediaType", mediaType)
        .put("digest", digest)
        .put("size", content.length);
  }

  /** Adds a manifest and returns its digest. */
  public String manifest(String tag, JsonObject... layers) {
    return document(
        tag,
        new JsonObject()
            .put("schemaVersion", 2)
            .put("mediaType", MANIFEST)
            .put("layers", new JsonArray(List.of(layers))));
  }

  /** Adds an index of platform to manifest digest and returns its digest. */
  public String index(String tag, Map<String, String> manifests) {
    JsonArray entries = new JsonArray();
    manifests.forEach((platform, digest) -> {
      String[] parts = platform.split("/", 2);
      entries.add(
          new JsonObject()
              .put("digest", digest)
              .put("platform", new JsonObject().put("os", parts[0]).put("architecture", parts[1])));
    });
    return document(tag, new JsonObject().put("mediaType", INDEX).put("manifests", entries));
  }

  /** Makes a blob differ from its digest. */
  public void damage(JsonObject blob) {
    documents.put("blobs/" + blob.getString("digest"), new byte[blob.getInteger("size")]);
  }

  private String document(String tag, JsonObject document) {
    byte[] bytes = document.encode().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    String digest = Sha256.of(bytes);
    documents.put("manifests/" + tag, bytes);
    documents.put("manifests/" + digest, bytes);
    return digest;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String auth = exchange.getRequestHeaders().getFirst("Authorization");
      requests.add(path + " " + (auth == null ? "" : auth));
      if (path.equals("/token")) {
        token(exchange, auth);
      } else if (login != null && !"Bearer secret-token".equals(auth)) {
        exchange
            .getResponseHeaders()
            .set(
                "WWW-Authenticate",
                "Bearer realm=\"http://%s/token\",service=\"test\",scope=\"repository:models/iris:pull\""
                    .formatted(host()));
        exchange.sendResponseHeaders(401, -1);
      } else {
        byte @Nullable [] body = documents.get(path.replaceFirst("^/v2/models/iris/", ""));
        if (body == null) {
          exchange.sendResponseHeaders(404, -1);
        } else {
          send(exchange, path, body);
        }
      }
    }
  }

  private void send(HttpExchange exchange, String path, byte[] body) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D+", ""));
    exchange.sendResponseHeaders(start > 0 ? 206 : 200, body.length - start);
    int length = body.length - start;
    if (path.contains("/blobs/") && breakAfter >= 0) {
      length = breakAfter;
      breakAfter = -1;
    }
    OutputStream out = exchange.getResponseBody();
    out.write(body, start, length);
    out.flush();
    if (length == body.length - start) {
      out.close();
    }
  }

  private void token(HttpExchange exchange, @Nullable String auth) throws IOException {
    boolean right =
        ("Basic " + login).equals(auth)
            && exchange.getRequestURI().getQuery().contains("scope=repository:models/iris:pull");
    byte[] answer =
        "{\"token\":\"secret-token\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(right ? 200 : 401, right ? answer.length : -1);
    if (right) {
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
