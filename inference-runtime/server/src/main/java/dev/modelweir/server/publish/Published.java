package dev.modelweir.server.publish;

import dev.modelweir.server.exit.TerminationLog;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;

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
   * signature stays away: it is in signature.json as well.
   */
  String toJson() {
    JsonObject json =
        new JsonObject()
            .put("uri", uri)
            .put("digest", digest)
            .put("sizeBytes", sizeBytes)
            .put("signature", signature.toJson())
            .put("metrics", new JsonObject(Map.copyOf(metrics.values())));
    if (json.encode().getBytes(StandardCharsets.UTF_8).length > TerminationLog.MAX_BYTES) {
      json.remove("signature");
    }
    return json.encode();
  }
}
