package dev.modelweir.trainer.progress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpReporterTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @Test
  void theBodyIsKubeflowsWithOurFields() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", 0.25);
    metrics.put("a\"b", 1.0);
    assertThat(new Report(42, OptionalLong.of(9), 120, 2.5, OptionalLong.of(100), metrics).toJson())
        .isEqualTo(
            "{\"trainerStatus\": {\"progressPercentage\": 42, \"estimatedRemainingSeconds\": 9,"
                + " \"metrics\": [{\"name\": \"loss\", \"value\": \"0.25\"},"
                + " {\"name\": \"a\\\"b\", \"value\": \"1.0\"}]},"
                + " \"step\": 120, \"epoch\": 2.5, \"checkpoint\": {\"step\": 100}}");
    assertThat(report(0).toJson()).doesNotContain("Remaining", "checkpoint");
  }

  @Test
  void postsTheNewestWithTheTokenOverTls() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "first\n");
    HttpsServer server = HttpsServer.create(address(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls()));
    serve(server, 204);
    URI url = URI.create("https://localhost:" + server.getAddress().getPort() + "/progress");
    var endpoint = new HttpReporter.Endpoint(url, token, folder.resolve("authority.pem"));
    try (Reporter reporter = new HttpReporter(endpoint, Duration.ofMinutes(1), log::add)) {
      reporter.report(report(1));
      Awaitility.await().until(() -> seen.size() == 1);
      Files.writeString(token, "renewed");
      reporter.report(report(2));
      reporter.report(report(3));
    } finally {
      server.stop(0);
    }
    // Closing did not wait for the pause, and did not lose the last one.
    assertThat(seen).hasSize(2);
    assertThat(seen.getFirst()).startsWith("Bearer first {").contains("\"step\": 1");
    assertThat(seen.getLast()).startsWith("Bearer renewed {").contains("\"step\": 3");
    assertThat(log).isEmpty();
  }

  @Test
  void whatCannotBeDeliveredIsLoggedOnce() throws Exception {
    HttpServer server = HttpServer.create(address(), 0);
    serve(server, 403);
    URI url = URI.create("http://localhost:" + server.getAddress().getPort());
    var endpoint = new HttpReporter.Endpoint(url, null, null);
    try (Reporter reporter = new HttpReporter(endpoint, Duration.ofMillis(1), log::add)) {
      for (int i = 1; i <= 3; i++) {
        int count = i;
        reporter.report(report(i));
        Awaitility.await().until(() -> seen.size() == count);
      }
      server.stop(0);
      reporter.report(report(4));
    }
    assertThat(log).hasSize(2).first().asString().endsWith("training goes on: answered 403");
  }

  @Test
  void aMissingTokenOrAuthorityDoesNotEndAnything() {
    URI url = URI.create("https://localhost:1");
    Path missing = folder.resolve("missing");
    try (Reporter reporter =
        new HttpReporter(
            new HttpReporter.Endpoint(url, missing, missing), Duration.ofMillis(1), log::add)) {
      reporter.report(report(1));
    }
    assertThat(log).singleElement().asString().contains("missing");
  }

  private static Report report(long step) {
    return new Report(0, OptionalLong.empty(), step, 0, OptionalLong.empty(), Map.of());
  }

  private void serve(HttpServer server, int status) {
    server.createContext("/", exchange -> answer(exchange, status));
    server.start();
  }

  private void answer(HttpExchange exchange, int status) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    seen.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** With a certificate that signs itself, which lies beside as authority.pem. */
  private SSLContext tls() throws Exception {
    Path store = folder.resolve("store.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    run(
        keytool,
        "-genkeypair",
        "-alias",
        "x",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=dns:localhost",
        "-keystore",
        store,
        "-storepass",
        PASSWORD);
    run(
        keytool,
        "-exportcert",
        "-rfc",
        "-alias",
        "x",
        "-file",
        folder.resolve("authority.pem"),
        "-keystore",
        store,
        "-storepass",
        PASSWORD);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void run(Object... words) throws Exception {
    List<String> command = List.of(words).stream().map(Object::toString).toList();
    assertThat(new ProcessBuilder(command).redirectErrorStream(true).start().waitFor()).isZero();
  }
}
