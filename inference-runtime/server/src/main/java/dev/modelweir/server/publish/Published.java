package dev.modelweir.server.publish;

import dev.modelweir.server.exit.TerminationLog;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * What became of a model; the operator makes a ModelVersion of it.
 *
 * @param uri where a service gets it, with what belongs to it
 * @param digest of the model with its weights, {@code sha256:HEX}
 * @param sizeBytes of the same
 */
record Published(String uri, String digest, long sizeBytes, Signature signature, Metrics metrics) {

  /**
   * One JSON object of at most {@link TerminationLog#MAX_BYTES}. When it would be longer, the
   * signature is packed, as {@code signatureGzip} in base64; when that does not suffice, it stays
   * away: it is in signature.json as well.
   */
  String toJson() {
    JsonObject json =
        new JsonObject()
            .put("uri", uri)
            .put("digest", digest)
            .put("sizeBytes", sizeBytes)
            .put("signature", signature.toJson())
            .put("metrics", new JsonObject(Map.copyOf(metrics.values())));
    if (isTooLong(json)) {
      json.remove("signature");
      json.put("signatureGzip", packed(signature.toJson()));
    }
    if (isTooLong(json)) {
      json.remove("signatureGzip");
    }
    return json.encode();
  }

  private static boolean isTooLong(JsonObject json) {
    return json.encode().getBytes(StandardCharsets.UTF_8).length > TerminationLog.MAX_BYTES;
  }

  private static String packed(JsonObject json) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(json.toBuffer().getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }
}
