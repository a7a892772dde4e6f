package dev.modelweir.server.repository;

import dev.modelweir.server.engine.Device;
import dev.modelweir.server.engine.ModelFile;
import dev.modelweir.server.engine.ModelLoader;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.metrics.ModelStatistics;
import dev.modelweir.server.schedule.Batcher;
import dev.modelweir.server.schedule.QueuePolicy;
import dev.modelweir.server.schedule.Split;
import dev.modelweir.server.schedule.Tuner;
import dev.modelweir.server.schedule.Tuning;
import dev.modelweir.server.schedule.Workers;
import dev.modelweir.server.text.Tokenizer;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Brings one version from its file to where it can take requests: loaded, measured and warm. */
public final class VersionLoader {
  private static final Logger LOG = Logger.getLogger(VersionLoader.class);

  /**
   * A model that answers faster, in nanoseconds, gains nothing from several threads for a run. The
   * way to it, which the JVM has not compiled at start, may take up to some 90 µs.
   */
  private static final long WORTH_SEVERAL_THREADS = 250_000;

  private final ModelLoader loader;
  private final Workers workers;
  private final MeterRegistry registry;
  private final Settings settings;

  /**
   * What is the same for all models.
   *
   * @param intraOpThreads threads of one run; 0 lets the tuner choose
   * @param queue of models whose configuration says nothing else
   * @param tuning time after which no larger batch of a model is measured
   * @param digest that the model file must have
   */
  public record Settings(
      Device device,
      int intraOpThreads,
      QueuePolicy queue,
      Duration tuning,
      Optional<String> digest) {}

  public VersionLoader(Workers workers, MeterRegistry registry, Settings settings) {
    this.loader = new ModelLoader(settings.device());
    this.workers = workers;
    this.registry = registry;
    this.settings = settings;
  }

  /** Reads a model's configuration. */
  ModelConfig config(String name, String json) throws ExitException {
    try {
      ModelConfig config = ModelConfig.parse(json, settings.queue());
      List<String> ignored = ModelConfig.ignored(json);
      if (!ignored.isEmpty()) {
        LOG.warnf("model \"%s\": its configuration has %s, which change nothing", name, ignored);
      }
      return config;
    } catch (IllegalArgumentException e) {
      throw new ExitException(
          ExitReason.ModelLoadFailed,
          "the configuration of model \"%s\" is wrong: %s".formatted(name, e.getMessage()));
    }
  }

  /** Requests of one model that may wait. */
  int queueSize() {
    return settings.queue().maxQueueSize();
  }

  /** What went wrong in the server or the engine rather than with the files. */
  ExitException unexpected(String name, Throwable e) {
    return new ExitException(
        ExitReason.ModelLoadFailed, "loading model \"%s\" failed: %s".formatted(name, e));
  }

  ExitException notFound(String name) {
    return new ExitException(
        ExitReason.ModelNotFound,
        "there is no model \"%s\": expected NAME/VERSION/model.onnx or NAME/model.onnx"
            .formatted(name));
  }

  ExitException noVersion(String name, Set<Long> existing) {
    return new ExitException(
        ExitReason.ModelNotFound,
        "the version policy of model \"%s\" chooses none of its versions %s"
            .formatted(name, existing));
  }

  /**
   * @param bytes size of what is loaded
   * @param inherited statistics of the same version that is about to be replaced
   */
  ServedVersion load(
      String name,
      long version,
      Path file,
      long bytes,
      ModelConfig config,
      @Nullable ModelStatistics inherited)
      throws ExitException {
    long start = System.nanoTime();
    if (settings.digest().isPresent()) {
      ModelFile.checkDigest(file, settings.digest().get());
    }
    Tuned tuned = tuned(name, Long.toString(version), file, config);
    Tokenizer tokenizer = Tokenizer.beside(file, tuned.loaded().model().metadata());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Tuning tuning = tuned.tuning();
    ModelStatistics statistics =
        inherited == null ? new ModelStatistics(registry, name, Long.toString(version)) : inherited;
    QueuePolicy queue = config.queue().withMaxBatchRows(tuning.maxRows());
    Batcher batcher =
        new Batcher(
            tuned.loaded().model(),
            queue,
            tuning.instances(),
            tuning.profile(),
            workers,
            statistics);
    LOG.infof(
        "model \"%s\" version %d from %s is ready after %d ms: batches of up to %d, %d at a time with %d threads each, %.0f rows/s; operators by execution provider: %s",
        name,
        version,
        file,
        took.toMillis(),
        tuning.maxRows(),
        tuning.instances(),
        tuning.intraOpThreads(),
        tuning.rowsPerSecond(),
        tuned.loaded().model().operators());
    return new ServedVersion(
        tuned.loaded().model(), batcher, tokenizer, config, tuning, statistics, bytes, took);
  }

  private record Tuned(ModelLoader.Loaded loaded, Tuning tuning) {}

  /**
   * Loads with one thread per run, and with more of them as long as that is no worse; never two at
   * once, which could be more than there is memory for.
   */
  private Tuned tuned(String name, String version, Path file, ModelConfig config)
      throws ExitException {
    int cpus = workers.threads();
    int fixed = settings.intraOpThreads();
    int threads = Math.max(1, fixed);
    int instances = config.instances().orElse(Math.max(1, cpus / threads));
    Tuned last = measure(name, version, file, config, new Split(instances, threads));
    boolean chooses = fixed == 0 && config.instances().isEmpty() && cpus > 1;
    if (chooses && last.tuning().profile().nanos(1) >= WORTH_SEVERAL_THREADS) {
      last = best(name, version, file, config, last);
    }
    tuner(last.loaded()).warm(last.tuning().maxRows());
    return last;
  }

  /** The best split of the CPUs, of which {@code first} has one thread per run. */
  private Tuned best(String name, String version, Path file, ModelConfig config, Tuned first)
      throws ExitException {
    int cpus = workers.threads();
    List<Tuning> tried = new ArrayList<>(List.of(first.tuning()));
    ModelLoader.Loaded last = first.loaded();
    for (var next = Split.next(tried, cpus); next.isPresent(); next = Split.next(tried, cpus)) {
      last.model().close();
      try {
        Tuned wider = measure(name, version, file, config, next.get());
        last = wider.loaded();
        tried.add(wider.tuning());
      } catch (RuntimeException | OutOfMemoryError e) {
        LOG.infof("model \"%s\" cannot be measured with %s: %s", name, next.get(), e);
        Tuning best = Split.best(tried);
        return new Tuned(loader.load(name, version, file, best.intraOpThreads()), best);
      }
    }
    Tuning best = Split.best(tried);
    if (best == tried.getLast()) {
      return new Tuned(last, best);
    }
    last.model().close();
    return new Tuned(loader.load(name, version, file, best.intraOpThreads()), best);
  }

  private Tuned measure(String name, String version, Path file, ModelConfig config, Split split)
      throws ExitException {
    int threads = split.threads();
    ModelLoader.Loaded loaded = loader.load(name, version, file, threads);
    int atOnce = Math.min(split.instances(), workers.threads());
    try {
      return new Tuned(loaded, tuner(loaded).tune(config.queue().maxBatchRows(), atOnce, threads));
    } catch (RuntimeException | OutOfMemoryError e) {
      loaded.model().close();
      throw e;
    }
  }

  private Tuner tuner(ModelLoader.Loaded loaded) {
    return new Tuner(loaded.model(), loaded.samples(), settings.tuning());
  }
}
