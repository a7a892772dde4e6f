package dev.modelweir.server.fetch.oci;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Chooses among the manifests of an index. */
final class Platform {
  private Platform() {}

  /**
   * The digest of the manifest for this machine; files of a model are often the same for all, so an
   * index with a single entry, or one without a platform, is taken as it is.
   */
  static String select(JsonArray manifests, String name) throws ExitException {
    String wanted = "linux/" + architecture();
    List<String> available = new ArrayList<>();
    List<String> neutral = new ArrayList<>();
    for (int i = 0; i < manifests.size(); i++) {
      JsonObject manifest = manifests.getJsonObject(i);
      JsonObject platform = manifest.getJsonObject("platform", new JsonObject());
      String os = platform.getString("os", "") + "/" + platform.getString("architecture", "");
      if (os.equals(wanted)) {
        return manifest.getString("digest");
      }
      if (os.equals("/") || manifests.size() == 1) {
        neutral.add(manifest.getString("digest"));
      }
      available.add(os);
    }
    if (neutral.isEmpty()) {
      throw new ExitException(
          ExitReason.ModelNotFound,
          "%s has no image for %s, only for %s"
              .formatted(name, wanted, String.join(", ", available)));
    }
    return neutral.getFirst();
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      case String other -> other;
    };
  }
}
