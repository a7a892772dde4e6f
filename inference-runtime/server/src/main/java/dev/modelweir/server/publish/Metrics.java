package dev.modelweir.server.publish;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How good a model is, as its training wrote it: {@code {"accuracy": 0.97, …}}.
 *
 * @param values in the order of the file
 */
record Metrics(Map<String, Number> values) {
  static final String FILE = "metrics.json";

  /** As many as a status can show. */
  private static final int MAX_METRICS = 16;

  private static final int MAX_NAME = 63;

  /**
   * Reads {@code metrics.json} in the folder; without one there are none. What is no finite number,
   * and what is beyond the bounds, is left out and logged.
   */
  static Metrics read(Path folder, Consumer<String> log) throws ExitException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      log.accept("there is no " + FILE + ": the version will have no metrics");
      return new Metrics(Map.of());
    }
    Map<String, Number> values = new LinkedHashMap<>();
    try {
      for (var entry : new JsonObject(Files.readString(file))) {
        boolean number =
            entry.getValue() instanceof Number value && Double.isFinite(value.doubleValue());
        if (number && values.size() < MAX_METRICS && entry.getKey().length() <= MAX_NAME) {
          values.put(entry.getKey(), (Number) entry.getValue());
        } else {
          log.accept(
              "%s: %s is left out; there may be %d finite numbers with names of up to %d characters"
                  .formatted(FILE, entry.getKey(), MAX_METRICS, MAX_NAME));
        }
      }
    } catch (IOException | DecodeException e) {
      throw new ExitException(
          ExitReason.PublishFailed,
          "%s must hold one JSON object, such as {\"accuracy\": 0.97}: %s"
              .formatted(file, e.getMessage()));
    }
    return new Metrics(values);
  }
}
