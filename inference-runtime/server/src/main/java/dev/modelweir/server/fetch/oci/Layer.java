package dev.modelweir.server.fetch.oci;

import dev.modelweir.server.fetch.Source.Form;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a manifest.
 *
 * @param form null when the layer holds no files for us
 */
record Layer(String path, long size, String digest, String mediaType, @Nullable Form form) {
  private static final String TITLE = "org.opencontainers.image.title";

  static Layer of(JsonObject descriptor) {
    String type = descriptor.getString("mediaType", "");
    String digest = descriptor.getString("digest", "");
    String title = descriptor.getJsonObject("annotations", new JsonObject()).getString(TITLE);
    Form form = form(type, title);
    return new Layer(
        form == Form.FILE && title != null ? title : digest,
        descriptor.getLong("size", -1L),
        digest,
        type,
        form);
  }

  /** Whether there would be files, if we could read the compression. */
  boolean unsupported() {
    return form == null && mediaType.contains("tar");
  }

  private static @Nullable Form form(String type, @Nullable String title) {
    if (type.endsWith(".tar")) {
      return Form.TAR;
    }
    if (type.endsWith(".tar+gzip") || type.endsWith(".tar.gzip")) {
      return Form.TAR_GZIP;
    }
    return title == null || type.contains(".tar") ? null : Form.FILE;
  }
}
