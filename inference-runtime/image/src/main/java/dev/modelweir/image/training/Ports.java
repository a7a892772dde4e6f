package dev.modelweir.image.training;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/**
 * Free ports for an application under training, so that builds can run side by side.
 *
 * @param main the application's own port
 * @param management metrics and health, where the application serves them apart
 */
record Ports(int main, int management) {
  static Ports free() throws IOException {
    try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Ports(first.getLocalPort(), second.getLocalPort());
    }
  }

  /** What tells Quarkus to use them. */
  Map<String, String> environment() {
    return Map.of(
        "QUARKUS_HTTP_PORT",
        Integer.toString(main),
        "QUARKUS_HTTP_HOST",
        "127.0.0.1",
        "QUARKUS_MANAGEMENT_PORT",
        Integer.toString(management),
        "QUARKUS_MANAGEMENT_HOST",
        "127.0.0.1");
  }

  String mainUrl(String path) {
    return "http://127.0.0.1:" + main + path;
  }

  String managementUrl(String path) {
    return "http://127.0.0.1:" + management + path;
  }
}
