package dev.modelweir.server.repository;

import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.metrics.ModelStatistics;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.schedule.Batcher;
import dev.modelweir.server.schedule.Completion;
import dev.modelweir.server.schedule.Ticket;
import dev.modelweir.server.schedule.Tuning;
import dev.modelweir.server.schedule.Unread;
import dev.modelweir.server.text.Tokenizer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A version of a model that answers: loaded, measured and warm. */
public final class ServedVersion {
  private final OnnxModel model;
  private final Batcher batcher;
  private final Tokenizer tokenizer;
  private final ModelConfig config;
  private final Tuning tuning;
  private final ModelStatistics statistics;
  private final long bytes;
  private final Duration loadTime;
  private volatile long lastUse = System.nanoTime();

  /**
   * @param bytes size of what was loaded
   */
  ServedVersion(
      OnnxModel model,
      Batcher batcher,
      Tokenizer tokenizer,
      ModelConfig config,
      Tuning tuning,
      ModelStatistics statistics,
      long bytes,
      Duration loadTime) {
    this.model = model;
    this.batcher = batcher;
    this.tokenizer = tokenizer;
    this.config = config;
    this.tuning = tuning;
    this.statistics = statistics;
    this.bytes = bytes;
    this.loadTime = loadTime;
  }

  public String name() {
    return model.metadata().name();
  }

  public String version() {
    return model.metadata().versions().getFirst();
  }

  /** What it takes and gives. */
  public ModelMetadata metadata() {
    return model.metadata();
  }

  /** See {@link OnnxModel#operators}. */
  Map<String, Long> operators() {
    return model.operators();
  }

  /** What cuts texts into the tokens that it takes. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  public ModelConfig config() {
    return config;
  }

  public Tuning tuning() {
    return tuning;
  }

  public ModelStatistics statistics() {
    return statistics;
  }

  public long bytes() {
    return bytes;
  }

  public Duration loadTime() {
    return loadTime;
  }

  /** Requests that wait for a worker. */
  public int queueDepth() {
    return batcher.depth();
  }

  /** See {@link Batcher#refusal}. */
  public Optional<InferenceException> refusal(Arrival arrival) {
    return batcher.refusal(arrival);
  }

  /** See {@link Batcher#hold}. */
  public Unread hold(int bytes, Arrival arrival) {
    return batcher.hold(bytes, arrival);
  }

  /** Requests that were taken and are not answered yet. */
  int inFlight() {
    return model.users();
  }

  long lastUse() {
    return lastUse;
  }

  /** Empty when it was replaced or unloaded meanwhile; see {@link Batcher#submit}. */
  Optional<Ticket> submit(InferRequest request, Arrival arrival, Completion completion) {
    lastUse = System.nanoTime();
    return batcher.submit(request, arrival, completion);
  }

  /**
   * Takes no further requests; those it has are answered before its memory is released.
   *
   * @param forGood whether nothing takes over its name and version, and so its statistics
   */
  void retire(boolean forGood) {
    model.close();
    if (forGood) {
      statistics.retire();
    }
  }
}
