package dev.modelweir.server.repository;

import dev.modelweir.server.schedule.QueuePolicy;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How one model is served, in the field names of Triton's model configuration: {@code
 * max_batch_size}, {@code dynamic_batching}, {@code instance_group}, {@code version_policy}. What
 * it leaves out is measured or has a default.
 *
 * @param instances runs at the same time; empty leaves the choice to the tuner
 * @param pinned never unloaded to make room for another model
 */
public record ModelConfig(
    QueuePolicy queue, OptionalInt instances, VersionPolicy versions, boolean pinned) {
  private static final String BATCHING = "dynamic_batching";
  private static final String QUEUE = "default_queue_policy";
  private static final Set<String> BATCHING_FIELDS =
      Set.of(QUEUE, "max_queue_delay_microseconds", "priority_levels", "default_priority_level");
  private static final Set<String> QUEUE_FIELDS =
      Set.of("max_queue_size", "default_timeout_microseconds");

  /** What holds here always, and may be said. */
  private static final Map<String, Object> ALWAYS =
      Map.of("timeout_action", "REJECT", "allow_timeout_override", true);

  /**
   * Reads the JSON form.
   *
   * @param otherwise what holds for whatever the configuration leaves out
   * @throws IllegalArgumentException naming the field that is wrong
   */
  public static ModelConfig parse(String json, QueuePolicy otherwise) {
    try {
      JsonObject config = new JsonObject(json);
      JsonObject batching = object(config, BATCHING);
      JsonObject queue = object(batching, QUEUE);
      int priorities = Math.max(1, number(batching, "priority_levels", 1));
      return new ModelConfig(
          new QueuePolicy(
              Math.max(1, number(config, "max_batch_size", otherwise.maxBatchRows())),
              micros(batching, "max_queue_delay_microseconds", otherwise.maxDelay()),
              orDefault(number(queue, "max_queue_size", 0), otherwise.maxQueueSize()),
              micros(queue, "default_timeout_microseconds", otherwise.defaultTimeout()),
              priorities,
              orDefault(
                  number(batching, "default_priority_level", 0),
                  Math.max(1, (priorities + 1) / 2))),
          instances(config),
          VersionPolicy.parse(object(config, "version_policy")),
          config.getBoolean("pinned", false));
    } catch (DecodeException | ClassCastException e) {
      throw new IllegalArgumentException("not a model configuration: " + e.getMessage(), e);
    }
  }

  /** Fields about the queue that are not known here, and so change nothing. */
  static List<String> ignored(String json) {
    JsonObject batching = object(new JsonObject(json), BATCHING);
    return Stream.concat(
            unknown(batching, BATCHING, BATCHING_FIELDS),
            unknown(object(batching, QUEUE), BATCHING + "." + QUEUE, QUEUE_FIELDS))
        .toList();
  }

  private static Stream<String> unknown(JsonObject parent, String name, Set<String> known) {
    return parent.fieldNames().stream()
        .filter(field -> !known.contains(field))
        .filter(field -> !Objects.equals(parent.getValue(field), ALWAYS.get(field)))
        .map(field -> name + "." + field);
  }

  private static OptionalInt instances(JsonObject config) {
    JsonArray groups = config.getJsonArray("instance_group", new JsonArray());
    int count = 0;
    for (int i = 0; i < groups.size(); i++) {
      count += number(groups.getJsonObject(i), "count", 1);
    }
    return count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
  }

  private static JsonObject object(JsonObject parent, String field) {
    return Optional.ofNullable(parent.getJsonObject(field)).orElseGet(JsonObject::new);
  }

  private static int number(JsonObject parent, String field, int otherwise) {
    Number value = parent.getNumber(field, otherwise);
    if (value.longValue() < 0 || value.longValue() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(field + " is out of range");
    }
    return value.intValue();
  }

  private static int orDefault(int value, int otherwise) {
    return value == 0 ? otherwise : value;
  }

  private static Duration micros(JsonObject parent, String field, Duration otherwise) {
    return parent.containsKey(field)
        ? Duration.ofNanos(1000L * number(parent, field, 0))
        : otherwise;
  }

  /** Which of the versions that exist are served. */
  public sealed interface VersionPolicy {
    /** The highest ones. */
    record Latest(int count) implements VersionPolicy {}

    /** Every one. */
    record All() implements VersionPolicy {}

    /** Exactly these. */
    record Specific(List<Long> versions) implements VersionPolicy {}

    /** Those to serve, of these in ascending order. */
    default List<Long> choose(List<Long> existing) {
      return switch (this) {
        case Latest(int count) ->
            existing.subList(Math.max(0, existing.size() - count), existing.size());
        case All() -> existing;
        case Specific(List<Long> wanted) -> existing.stream().filter(wanted::contains).toList();
      };
    }

    private static VersionPolicy parse(JsonObject policy) {
      if (policy.containsKey("all")) {
        return new All();
      }
      if (policy.containsKey("specific")) {
        return new Specific(
            policy.getJsonObject("specific").getJsonArray("versions", new JsonArray()).stream()
                .map(version -> Long.valueOf(version.toString()))
                .toList());
      }
      return new Latest(Math.max(1, number(object(policy, "latest"), "num_versions", 1)));
    }
  }
}
