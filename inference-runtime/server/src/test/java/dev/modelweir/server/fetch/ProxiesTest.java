package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
  private final Proxies proxies =
      Proxies.from(
          new Environment(
              Map.of(
                  "HTTPS_PROXY", "http://proxy:3128",
                  "http_proxy", "http://plain",
                  "NO_PROXY", "localhost, .svc,*.internal,example.org")));

  @ParameterizedTest
  @CsvSource({
    "https://models.example.com/x, proxy:3128",
    "http://models.example.com/x, plain:80",
    "https://localhost/x, DIRECT",
    "https://minio.ml.svc/x, DIRECT",
    "https://a.b.internal/x, DIRECT",
    "https://www.example.org/x, DIRECT",
    "https://notexample.org/x, proxy:3128",
  })
  void choosesAsIsUsual(String uri, String proxy) {
    Proxy chosen = proxies.select(URI.create(uri));
    assertThat(
            chosen.address() instanceof InetSocketAddress address
                ? address.getHostString() + ":" + address.getPort()
                : chosen.toString())
        .isEqualTo(proxy);
  }
}
