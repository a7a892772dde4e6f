package dev.modelweir.server.http;

import static org.awaitility.Awaitility.await;

import dev.modelweir.server.Client;
import java.net.URI;
import java.time.Duration;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where the server under test listens. */
final class Running {
  private Running() {}

  static URI server() {
    return address("test.url");
  }

  /** A client of a server that is ready. */
  static Client client() {
    Client client = new Client(server());
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> client.get("/v2/health/ready").statusCode() == 200);
    return client;
  }

  static Client metrics() {
    return new Client(address("test.management.url"));
  }

  private static URI address(String property) {
    String url = ConfigProvider.getConfig().getValue(property, String.class);
    return URI.create(url.replaceFirst("/$", ""));
  }
}
