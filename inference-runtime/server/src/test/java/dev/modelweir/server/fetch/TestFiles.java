package dev.modelweir.server.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A web server with one file, and the faults that a test wishes. */
final class TestFiles implements AutoCloseable {
  /** One request as it arrived. */
  record Seen(
      String path, @Nullable String range, @Nullable String ifRange, @Nullable String auth) {}

  /** What to do with the next request; without one it is answered in full. */
  sealed interface Fault {
    record Status(int code) implements Fault {}

    /** Break the connection after so many bytes of the body. */
    record BreakAfter(int bytes) implements Fault {}

    /** Break the connection, and have another version of the file from then on. */
    record BreakAndChange(int bytes, byte[] content, String etag) implements Fault {}

    /** Send so many bytes, then nothing until the client gives up. */
    record StallAfter(int bytes) implements Fault {}

    record RedirectTo(String address) implements Fault {}
  }

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final HttpServer server;
  private final String scheme;
  volatile byte[] content = randomBytes(1, 3_000_000);
  volatile @Nullable String etag = "\"v1\"";
  boolean ranges = true;
  boolean announceLength = true;
  boolean gzip;

  TestFiles() {
    this(null);
  }

  /**
   * @param tls serves https with this, or http when null
   */
  TestFiles(@Nullable SSLContext tls) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      if (tls == null) {
        server = HttpServer.create(address, 0);
      } else {
        HttpsServer https = HttpsServer.create(address, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = https;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    scheme = tls == null ? "http" : "https";
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  static byte[] randomBytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  TestFiles then(Fault... next) {
    faults.addAll(List.of(next));
    return this;
  }

  String address(String path) {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String range = exchange.getRequestHeaders().getFirst("Range");
      String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
      String auth = exchange.getRequestHeaders().getFirst("Authorization");
      seen.add(new Seen(exchange.getRequestURI().getPath(), range, ifRange, auth));
      Fault fault = faults.poll();
      switch (fault) {
        case Fault.Status(int code) -> exchange.sendResponseHeaders(code, -1);
        case Fault.RedirectTo(String to) -> {
          exchange.getResponseHeaders().set("Location", to);
          exchange.sendResponseHeaders(302, -1);
        }
        case Fault.BreakAfter(int bytes) -> send(exchange, range, ifRange, bytes);
        case Fault.BreakAndChange(int bytes, byte[] newer, String newEtag) -> {
          send(exchange, range, ifRange, bytes);
          content = newer;
          etag = newEtag;
        }
        case Fault.StallAfter(int bytes) -> {
          send(exchange, range, ifRange, bytes);
          // The client's own timeout ends this; the server only has to be slower.
          Thread.sleep(5_000);
        }
        case null -> send(exchange, range, ifRange, Integer.MAX_VALUE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(
      HttpExchange exchange, @Nullable String range, @Nullable String ifRange, int atMost)
      throws IOException {
    if (etag != null) {
      exchange.getResponseHeaders().set("ETag", etag);
    }
    byte[] body = gzip ? compressed(content) : content;
    if (gzip) {
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    }
    int start = 0;
    if (ranges && range != null && (ifRange == null || ifRange.equals(etag))) {
      start = Integer.parseInt(range.replaceAll("\\D+", ""));
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(start, body.length - 1, body.length));
    }
    exchange.sendResponseHeaders(start > 0 ? 206 : 200, announceLength ? body.length - start : 0);
    OutputStream out = exchange.getResponseBody();
    out.write(body, start, Math.min(atMost, body.length - start));
    out.flush();
    if (atMost >= body.length - start) {
      out.close();
    }
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
