package dev.modelweir.server.trace;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.server.http.JsonBodies;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Triton's log settings, as the level of this server's own log messages. Levels are ordered here:
 * who hears information hears warnings and errors too. Verbose, at any level above 0, says one line
 * for each request.
 */
@Singleton
public final class LogSettings {
  private static final String INFO = "log_info";
  private static final String WARNING = "log_warning";
  private static final String ERROR = "log_error";
  private static final String VERBOSE = "log_verbose_level";

  /** What the log is and stays: standard output in JSON. */
  private static final Map<String, String> FIXED = Map.of("log_file", "", "log_format", "default");

  private static final Logger OURS = Logger.getLogger("dev.modelweir");

  /** {@code GET /v2/logging}. */
  public void show(RoutingContext context) {
    JsonBodies.send(context, 200, settings().toBuffer().getBytes());
  }

  /** {@code POST /v2/logging}. */
  public void change(RoutingContext context) {
    JsonBodies.send(context, 200, change(JsonBodies.object(context)).toBuffer().getBytes());
  }

  /**
   * Changes what is named, all of it or nothing.
   *
   * @return all settings as they are now
   * @throws InferenceException for a value that is wrong, or that this server does not have
   */
  public synchronized JsonObject change(JsonObject changes) {
    JsonObject wanted = settings();
    changes.forEach(setting -> {
      check(setting.getKey(), setting.getValue());
      wanted.put(setting.getKey(), setting.getValue());
    });
    if (!changes.isEmpty()) {
      OURS.setLevel(level(wanted));
    }
    return settings();
  }

  private static void check(String name, @Nullable Object value) {
    switch (name) {
      case INFO, WARNING, ERROR -> {
        if (!(value instanceof Boolean)) {
          throw invalid("\"%s\" must be true or false", name);
        }
      }
      case VERBOSE -> {
        if (!(value instanceof Integer level) || level < 0) {
          throw invalid("\"%s\" must be a whole number, 0 or more", name);
        }
      }
      case "log_file", "log_format" -> {
        if (!Objects.equals(value, FIXED.get(name))) {
          throw new InferenceException(
              Code.UNSUPPORTED,
              "\"%s\" cannot be changed: the log goes to standard output".formatted(name));
        }
      }
      default -> throw invalid("there is no log setting \"%s\"", name);
    }
  }

  private static Level level(JsonObject wanted) {
    boolean info = wanted.getBoolean(INFO);
    boolean warning = wanted.getBoolean(WARNING);
    boolean error = wanted.getBoolean(ERROR);
    boolean verbose = wanted.getInteger(VERBOSE) > 0;
    if ((verbose && !info) || (info && !warning) || (warning && !error)) {
      throw invalid(
          "levels are ordered: %s needs %s, which needs %s, which needs %s",
          VERBOSE, INFO, WARNING, ERROR);
    }
    return verbose
        ? Level.FINE
        : info ? Level.INFO : warning ? Level.WARNING : error ? Level.SEVERE : Level.OFF;
  }

  private static JsonObject settings() {
    JsonObject settings =
        new JsonObject()
            .put(INFO, OURS.isLoggable(Level.INFO))
            .put(WARNING, OURS.isLoggable(Level.WARNING))
            .put(ERROR, OURS.isLoggable(Level.SEVERE))
            .put(VERBOSE, OURS.isLoggable(Level.FINE) ? 1 : 0);
    FIXED.forEach(settings::put);
    return settings;
  }
}
