package dev.modelweir.server.metrics;

import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.server.schedule.RunObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** The counts and times of one version of a model, since it was loaded. */
public final class ModelStatistics implements RunObserver {
  /** From a small table row to a large image on a busy CPU. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              100,
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

  private static final int MOST_EXACT_ROWS = 256;
  private static final double[] BATCH_BUCKETS = {1, 2, 4, 8, 16, 32, 64, 128, 256};

  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> meters = new ArrayList<>();
  private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);
  private final Timer queue;
  private final Timer compute;
  private final Timer total;
  private final DistributionSummary batch;

  private final Sum success = new Sum();
  private final Sum failure = new Sum();
  private final Sum queued = new Sum();
  private final Sum input = new Sum();
  private final Sum infer = new Sum();
  private final Sum output = new Sum();
  private final LongAdder rows = new LongAdder();
  private final LongAdder runs = new LongAdder();
  private final Map<Integer, BatchSize> bySize = new ConcurrentSkipListMap<>();
  private volatile long lastInference;

  /** How a request ended, as the label {@code outcome}. */
  private enum Outcome {
    SUCCESS,
    INVALID,
    OVERLOADED,
    UNAVAILABLE,
    TOO_LATE,
    CANCELLED,
    ERROR;

    static Outcome of(Code code) {
      return switch (code) {
        case INVALID, TOO_LARGE, NOT_FOUND, UNSUPPORTED -> INVALID;
        case OVERLOADED -> OVERLOADED;
        case UNAVAILABLE -> UNAVAILABLE;
        case TOO_LATE -> TOO_LATE;
        case CANCELLED -> CANCELLED;
        case INTERNAL -> ERROR;
      };
    }
  }

  /** A count and the time that belongs to it. */
  public record Total(long count, long nanos) {}

  /** Runs of one size: how they were put together and computed. */
  public record BatchSize(LongAdder runs, LongAdder inputNanos, LongAdder inferNanos) {
    BatchSize() {
      this(new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  private record Sum(LongAdder count, LongAdder nanos) {
    Sum() {
      this(new LongAdder(), new LongAdder());
    }

    void add(long took) {
      count.increment();
      nanos.add(took);
    }

    Total total() {
      return new Total(count.sum(), nanos.sum());
    }
  }

  public ModelStatistics(MeterRegistry registry, String model, String version) {
    this.registry = registry;
    this.tags = Tags.of("model", model, "version", version);
    for (Outcome outcome : Outcome.values()) {
      Counter counter =
          Counter.builder("modelweir.requests")
              .description("Inference requests that reached a model, by outcome.")
              .tags(tags)
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .register(registry);
      requests.put(outcome, counter);
      meters.add(counter);
    }
    queue = timer("modelweir.queue.duration", "From a request's arrival to the start of its run.");
    compute = timer("modelweir.compute.duration", "One run of the model.");
    total = timer("modelweir.request.duration", "From a request's arrival until its answer.");
    batch =
        DistributionSummary.builder("modelweir.batch.size")
            .description("Rows in one run.")
            .tags(tags)
            .serviceLevelObjectives(BATCH_BUCKETS)
            .register(registry);
    meters.add(batch);
  }

  private Timer timer(String name, String description) {
    Timer timer =
        Timer.builder(name)
            .description(description)
            .tags(tags)
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    meters.add(timer);
    return timer;
  }

  /** A value of this version that is asked for when Prometheus comes. */
  public void gauge(String name, String description, Supplier<Number> value) {
    meters.add(
        Gauge.builder(name, value)
            .description(description)
            .tags(tags)
            .strongReference(true)
            .register(registry));
  }

  @Override
  public void ran(int requests, int rows, long inputNanos, long computeNanos) {
    this.rows.add(rows);
    runs.increment();
    lastInference = Instant.now().toEpochMilli();
    compute.record(computeNanos, TimeUnit.NANOSECONDS);
    batch.record(rows);
    BatchSize size = bySize.computeIfAbsent(counted(rows), any -> new BatchSize());
    size.runs().increment();
    size.inputNanos().add(inputNanos);
    size.inferNanos().add(computeNanos);
    for (int i = 0; i < requests; i++) {
      input.add(inputNanos);
      infer.add(computeNanos);
    }
  }

  /** What one request holds is the client's choice: of large sizes only some are told apart. */
  private static int counted(int rows) {
    return rows <= MOST_EXACT_ROWS
        ? rows
        : (int) Math.min(Integer.MAX_VALUE, Long.highestOneBit(rows - 1L) << 1);
  }

  @Override
  public void succeeded(int rows, long queueNanos, long outputNanos, long totalNanos) {
    success.add(totalNanos);
    queued.add(queueNanos);
    output.add(outputNanos);
    queue.record(queueNanos, TimeUnit.NANOSECONDS);
    total.record(totalNanos, TimeUnit.NANOSECONDS);
    count(Outcome.SUCCESS);
  }

  @Override
  public void failed(Code why, long totalNanos) {
    failure.add(totalNanos);
    count(Outcome.of(why));
  }

  private void count(Outcome outcome) {
    Counter counter = requests.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  /** Removes what Prometheus sees of this version. */
  public void retire() {
    meters.forEach(registry::remove);
  }

  public Total success() {
    return success.total();
  }

  public Total failure() {
    return failure.total();
  }

  /** Time that answered requests waited. */
  public Total queue() {
    return queued.total();
  }

  public Total computeInput() {
    return input.total();
  }

  public Total computeInfer() {
    return infer.total();
  }

  public Total computeOutput() {
    return output.total();
  }

  /** Rows computed. */
  public long inferences() {
    return rows.sum();
  }

  /** Runs, each of one or more requests. */
  public long executions() {
    return runs.sum();
  }

  /** Milliseconds since 1970 of the last run; 0 when there was none. */
  public long lastInference() {
    return lastInference;
  }

  /** By rows; those of more than 256 by the next power of two. */
  public Map<Integer, BatchSize> batches() {
    return new TreeMap<>(bySize);
  }
}
