package dev.modelweir.server.trace;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said about traces of one model, or of all; null for what was left open.
 *
 * @param timestamps whether requests are traced at all
 * @param rate one request of so many, beside those that their caller traces
 * @param count traces that are still to be made; -1 for any number
 */
record TraceSetting(@Nullable Boolean timestamps, @Nullable Long rate, @Nullable Long count) {
  static final TraceSetting OPEN = new TraceSetting(null, null, null);

  /** Triton's: nothing is traced until somebody asks for it. */
  static final TraceSetting DEFAULTS = new TraceSetting(false, 1000L, -1L);

  /**
   * With the changes that the body asks for; null there opens a setting again.
   *
   * @throws InferenceException for a value that is wrong, or that this server does not have
   */
  TraceSetting with(JsonObject body) {
    TraceSetting changed = this;
    for (String name : body.fieldNames()) {
      Object value = body.getValue(name);
      changed =
          switch (name) {
            case "trace_level" ->
                new TraceSetting(
                    value == null ? null : timestamps(value), changed.rate, changed.count);
            case "trace_rate" ->
                new TraceSetting(changed.timestamps, number(name, value, 1), changed.count);
            case "trace_count" ->
                new TraceSetting(changed.timestamps, changed.rate, number(name, value, -1));
            case "log_frequency", "trace_file" -> {
              if (value != null && !List.of("", "0").contains(value.toString())) {
                throw unsupported("\"" + name + "\" cannot be set: traces go to the log at once");
              }
              yield changed;
            }
            default -> throw invalid("there is no trace setting \"%s\"", name);
          };
    }
    return changed;
  }

  /** What is open here as it is there. */
  TraceSetting over(TraceSetting base) {
    return new TraceSetting(
        timestamps == null ? base.timestamps : timestamps,
        rate == null ? base.rate : rate,
        count == null ? base.count : count);
  }

  private static boolean timestamps(Object value) {
    List<?> levels = value instanceof JsonArray array ? array.getList() : List.of(value);
    if (levels.equals(List.of("OFF")) || levels.isEmpty()) {
      return false;
    }
    if (levels.equals(List.of("TIMESTAMPS"))) {
      return true;
    }
    throw unsupported("\"trace_level\" is OFF or TIMESTAMPS; the log does not hold tensors");
  }

  /** Triton's clients send numbers as text. */
  private static @Nullable Long number(String name, @Nullable Object value, long least) {
    if (value == null) {
      return null;
    }
    try {
      long number = Long.parseLong(value.toString());
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw invalid("\"%s\" must be a whole number, %d or more", name, least);
  }

  private static InferenceException unsupported(String why) {
    return new InferenceException(Code.UNSUPPORTED, why);
  }
}
