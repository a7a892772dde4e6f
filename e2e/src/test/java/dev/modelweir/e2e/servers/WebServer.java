package dev.modelweir.e2e.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * A web server that serves files over https: to everybody below {@code /open/}, to one user below
 * {@code /basic/}, to bearers of a token below {@code /bearer/}.
 */
public final class WebServer implements AutoCloseable {
  public static final String USER = "modelweir";
  public static final String PASSWORD = "for-tests-only";
  public static final String TOKEN = "token-for-tests-only";

  private static final Map<String, String> AUTHORIZATION =
      Map.of(
          "/basic/",
          "Basic "
              + Base64.getEncoder()
                  .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8)),
          "/bearer/",
          "Bearer " + TOKEN);

  private final HttpsServer server;
  private final Map<String, Path> files = new ConcurrentHashMap<>();

  private WebServer(HttpsServer server) {
    this.server = server;
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** Starts it on a free port of all addresses, with this certificate. */
  public static WebServer start(Certificate certificate) throws IOException {
    HttpsServer server = HttpsServer.create(new InetSocketAddress(0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
    return new WebServer(server);
  }

  /** Serves a file under this name in each of the three places. */
  public void put(String name, Path file) {
    files.put(name, file);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/", 3);
      String needed = AUTHORIZATION.get("/" + path[1] + "/");
      Path file = files.get(path.length < 3 ? "" : path[2]);
      if (needed != null
          && !needed.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=models, Bearer");
        exchange.sendResponseHeaders(401, -1);
      } else if (file == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.sendResponseHeaders(200, Files.size(file));
        Files.copy(file, exchange.getResponseBody());
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
