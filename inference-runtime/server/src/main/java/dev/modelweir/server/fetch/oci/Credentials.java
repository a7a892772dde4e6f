package dev.modelweir.server.fetch.oci;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passwords for registries.
 *
 * @param basicByHost host (and port) to the base64 form of USER:PASSWORD
 */
record Credentials(Map<String, String> basicByHost) {
  /**
   * Reads all {@code *}{@code /.dockerconfigjson} below the folder; unreadable ones are skipped.
   */
  static Credentials load(Path folder) {
    Map<String, String> byHost = new HashMap<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> secrets = Files.newDirectoryStream(folder)) {
        for (Path secret : secrets) {
          Path config = secret.resolve(".dockerconfigjson");
          if (Files.isReadable(config)) {
            read(new JsonObject(Files.readString(config)), byHost);
          }
        }
      } catch (IOException | RuntimeException e) {
        // A broken secret is as good as none: the registry's answer will say what is missing.
        return new Credentials(Map.copyOf(byHost));
      }
    }
    return new Credentials(Map.copyOf(byHost));
  }

  /** Value for {@code Authorization: Basic}, without that word. */
  Optional<String> basic(String host) {
    return Optional.ofNullable(basicByHost.get(host));
  }

  private static void read(JsonObject config, Map<String, String> byHost) {
    JsonObject auths = config.getJsonObject("auths", new JsonObject());
    for (String server : auths.fieldNames()) {
      String basic = basic(auths.getJsonObject(server));
      if (basic != null) {
        byHost.put(host(server), basic);
      }
    }
  }

  private static @Nullable String basic(JsonObject entry) {
    String auth = entry.getString("auth");
    if (auth != null) {
      return auth;
    }
    String user = entry.getString("username");
    return user == null
        ? null
        : Base64.getEncoder()
            .encodeToString(
                (user + ":" + entry.getString("password", "")).getBytes(StandardCharsets.UTF_8));
  }

  /** Servers are written as host, as https://host, or with a path after it. */
  private static String host(String server) {
    String host = server.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    return host.equals("index.docker.io") || host.equals("docker.io")
        ? "registry-1.docker.io"
        : host;
  }
}
