package dev.modelweir.server.http;

import dev.modelweir.server.ServerConfig;
import dev.modelweir.server.engine.Workers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/** What Prometheus sees; every meter exists from the start, so that rates begin at zero. */
@Singleton
public final class Measurements {
  /** How a request for the served model ended. */
  enum Outcome {
    SUCCESS,
    /** Refused as wrong, 4xx. */
    INVALID,
    /** Refused for lack of capacity, 503. */
    OVERLOADED,
    /** Failed in the model or the server, 500. */
    ERROR,
    /** The client left before the answer. */
    ABANDONED
  }

  /** From a small table row to a large image on a busy CPU. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              250,
              500,
              1000,
              2500,
              5000,
              10_000,
              25_000,
              50_000,
              100_000,
              250_000,
              500_000,
              1_000_000,
              2_500_000,
              5_000_000,
              10_000_000,
              30_000_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1000))
          .toArray(Duration[]::new);

  private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);
  private final Timer duration;
  private final MeterRegistry registry;
  private final String model;

  Measurements(MeterRegistry registry, ServerConfig config, Traffic traffic, Workers workers) {
    this.registry = registry;
    this.model = config.modelName();
    for (Outcome outcome : Outcome.values()) {
      requests.put(
          outcome,
          Counter.builder("modelweir.requests")
              .description("Inference requests answered, by outcome.")
              .tag("model", model)
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    duration =
        Timer.builder("modelweir.request.duration")
            .description("From the first byte of a request to its answer.")
            .tag("model", model)
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    Gauge.builder("modelweir.requests.in.flight", traffic, Traffic::inFlight)
        .description("Inference requests received and not yet answered.")
        .register(registry);
    Gauge.builder("modelweir.queue.depth", workers, Workers::waiting)
        .description("Inference requests that wait for a worker.")
        .register(registry);
  }

  /** Called once, when the model is ready. */
  public void modelLoaded(Duration took) {
    Gauge.builder("modelweir.model.load.duration", () -> took.toNanos() / 1e9)
        .description("Time to load the model and answer the generated inference.")
        .baseUnit("seconds")
        .tag("model", model)
        .strongReference(true)
        .register(registry);
  }

  void answered(Outcome outcome, long nanos) {
    count(outcome).increment();
    duration.record(Duration.ofNanos(nanos));
  }

  private Counter count(Outcome outcome) {
    Counter counter = requests.get(outcome);
    if (counter == null) {
      throw new IllegalStateException("no counter for " + outcome);
    }
    return counter;
  }
}
