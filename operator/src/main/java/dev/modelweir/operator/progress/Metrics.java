package dev.modelweir.operator.progress;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.api.v1alpha1.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a report. One that cannot be kept is left out and named in the answer instead of
 * refusing the report: trainers do not show refusals, and a loss that has become NaN must not hide
 * the rest.
 */
final class Metrics {

  /** How many are kept. */
  static final int MAX = 64;

  private static final int MAX_NAME = 63; // characters, as the status allows
  private static final int MAX_VALUE = 32;

  private static final int MAX_SENT = 256; // what Kubeflow's client limits itself to
  private static final int MAX_NAMED = 8;
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?");

  private final Map<String, String> kept = new LinkedHashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  private Metrics() {}

  /**
   * Reads the list.
   *
   * @throws Rejection with status 400 when it is not a list of names and values, or far too long
   */
  static Metrics read(JsonNode list) {
    Metrics metrics = new Metrics();
    if (list.isMissingNode() || list.isNull()) {
      return metrics;
    }
    if (!list.isArray() || list.size() > MAX_SENT) {
      throw new Rejection(
          400, "`metrics` must be a list of at most %d metrics".formatted(MAX_SENT));
    }
    for (JsonNode metric : list) {
      if (!metric.path("name").isTextual() || !metric.path("value").isValueNode()) {
        throw new Rejection(400, "each of `metrics` must be an object with `name` and `value`");
      }
      metrics.add(metric.path("name").textValue(), metric.path("value").asText());
    }
    return metrics;
  }

  private void add(String name, String value) {
    if (name.isBlank() || name.length() > MAX_NAME) {
      leaveOut(name, "a name has 1 to %d characters".formatted(MAX_NAME));
    } else if (!isFinite(value)) {
      leaveOut(name, "the value is not a finite number");
    } else if (kept.size() == MAX && !kept.containsKey(name)) {
      leaveOut(name, "%d metrics are kept".formatted(MAX));
    } else {
      kept.put(name, value);
    }
  }

  private static boolean isFinite(String value) {
    return value.length() <= MAX_VALUE
        && NUMBER.matcher(value).matches()
        && Double.isFinite(Double.parseDouble(value));
  }

  private void leaveOut(String name, String why) {
    if (leftOut.size() < MAX_NAMED) {
      leftOut.add(name.substring(0, Math.min(name.length(), MAX_NAME)) + ": " + why);
    }
  }

  List<Metric> kept() {
    return kept.entrySet().stream()
        .map(metric -> new Metric(metric.getKey(), metric.getValue()))
        .toList();
  }

  /** The first few that were left out, with the reason. */
  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** The step, which the callback of Hugging Face's Trainer sends as a metric. */
  @Nullable Long step() {
    String step = kept.getOrDefault("current_step", "");
    return step.matches("\\d{1,15}") ? Long.valueOf(step) : null;
  }

  /** The epoch, from the same callback, without its fraction. */
  @Nullable Long epoch() {
    String epoch = kept.getOrDefault("current_epoch", "");
    return epoch.matches("\\d{1,15}(\\.\\d+)?")
        ? Long.valueOf(epoch.replaceFirst("\\..*", ""))
        : null;
  }
}
