package dev.modelweir.server.trace;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** Chooses the requests that are traced, under settings of which none is open. */
final class Sampler {
  private final TraceSetting setting;
  private final boolean timestamps;
  private final long rate;
  private final AtomicLong left;
  private final AtomicLong requests = new AtomicLong();

  Sampler(TraceSetting setting) {
    this.setting = setting;
    this.timestamps = Objects.requireNonNull(setting.timestamps());
    this.rate = Objects.requireNonNull(setting.rate());
    this.left = new AtomicLong(Objects.requireNonNull(setting.count()));
  }

  TraceSetting setting() {
    return setting;
  }

  boolean on() {
    return timestamps;
  }

  /**
   * Whether the next request is traced.
   *
   * @param sampled its caller traces it
   */
  boolean take(boolean sampled) {
    if (!timestamps) {
      return false;
    }
    boolean due = requests.incrementAndGet() % rate == 0;
    return (due || sampled) && left.getAndUpdate(count -> count > 0 ? count - 1 : count) != 0;
  }

  /** In the form of Triton, in which numbers are text. */
  JsonObject document() {
    return new JsonObject()
        .put("trace_level", new JsonArray().add(timestamps ? "TIMESTAMPS" : "OFF"))
        .put("trace_rate", Long.toString(rate))
        .put("trace_count", Long.toString(left.get()))
        .put("log_frequency", "0")
        .put("trace_file", "");
  }
}
