package dev.modelweir.server.trace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a path says about the model. */
final class ModelPath {
  private static final Pattern INFERENCE =
      Pattern.compile("/v2/models/([^/]+)(?:/versions/[^/]+)?/infer|/v1/models/([^/]+):predict");

  private static final String EMBEDDINGS = "/v1/embeddings";

  private ModelPath() {}

  /**
   * The model that computes when this path is asked for; empty when only the body says which, and
   * null when none does.
   */
  static @Nullable String inferredBy(@Nullable String path) {
    if (path == null) {
      return null;
    }
    Matcher inference = INFERENCE.matcher(path);
    if (!inference.matches()) {
      return path.equals(EMBEDDINGS) ? "" : null;
    }
    return inference.group(1) == null ? inference.group(2) : inference.group(1);
  }
}
