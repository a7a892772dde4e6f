package dev.modelweir.trainer;

import dev.modelweir.trainer.checkpoint.Checkpoints;
import dev.modelweir.trainer.checkpoint.State;
import dev.modelweir.trainer.data.DataSource;
import dev.modelweir.trainer.data.Scaling;
import dev.modelweir.trainer.data.Split;
import dev.modelweir.trainer.data.Table;
import dev.modelweir.trainer.group.Group;
import dev.modelweir.trainer.group.Member;
import dev.modelweir.trainer.group.PeerLostException;
import dev.modelweir.trainer.model.Classifier;
import dev.modelweir.trainer.model.Layers;
import dev.modelweir.trainer.progress.Report;
import dev.modelweir.trainer.progress.Reporter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One worker from its start to its end. Number 0 alone saves, reports and writes the model. */
final class Worker {
  /** How a worker ends that did not fail. */
  enum End {
    /** The model is written, or this worker's part in it is done. */
    FINISHED,
    /** A worker was told to stop; the state is saved. */
    STOPPED,
    /** Another worker is gone; the state is saved. */
    PEER_LOST
  }

  private final Settings settings;
  private final Job job;
  private final StopSignal stop;
  private final Reporter reporter;
  private final Consumer<String> log;
  private final @Nullable Checkpoints checkpoints;
  private volatile @Nullable Group group;
  private OptionalLong savedStep = OptionalLong.empty();
  private long savedAt = System.nanoTime();

  Worker(Settings settings, Job job, StopSignal stop, Reporter reporter, Consumer<String> log) {
    this.settings = settings;
    this.job = job;
    this.stop = stop;
    this.reporter = reporter;
    this.log = log;
    this.checkpoints =
        job.checkpoints() == null || job.rank() != 0
            ? null
            : new Checkpoints(job.checkpoints(), log);
  }

  /** Ends waiting for other workers; may be called by any thread. */
  void unblock() {
    Group current = group;
    if (current != null) {
      current.close();
    }
  }

  /**
   * @throws TrainingException when trying again would not help
   * @throws IOException when a file cannot be written
   */
  End run() throws TrainingException, IOException, InterruptedException {
    Table table = DataSource.read(settings.data(), settings.label());
    Split split = Split.of(table, settings.testShare(), settings.seed());
    Layers layers = layers(table);
    log.accept(
        "%d rows of %d columns and %d classes, %s; %d to learn from, %d held out; layers %s"
            .formatted(
                table.rows(),
                table.columns().size(),
                table.classes().size(),
                table.digest(),
                split.train().rows(),
                split.test().rows(),
                layers.sizes()));
    String identity = settings.identity() + " " + table.digest();
    try (Group joined = member(identity).join()) {
      group = joined;
      byte[] start = job.rank() == 0 ? start(identity, layers).toBytes() : new byte[0];
      Training training =
          new Training(
              settings,
              split.train(),
              Scaling.of(split.train()),
              layers,
              joined,
              State.of(joined.share(start)));
      return train(training, split, layers);
    } catch (PeerLostException e) {
      log.accept(e.getMessage());
      return stop.received() ? End.STOPPED : End.PEER_LOST;
    }
  }

  private Layers layers(Table table) {
    return new Layers(
        Stream.of(
                List.of(table.columns().size()), settings.hidden(), List.of(table.classes().size()))
            .flatMap(List::stream)
            .toList());
  }

  private Member member(String identity) {
    return new Member(
        job.rank(),
        job.worldSize(),
        job.masterHost(),
        job.masterPort(),
        "%s/%d %s".formatted(job.uid(), job.attempt(), identity),
        job.rendezvous(),
        job.silence(),
        stop::received,
        log);
  }

  private State start(String identity, Layers layers) throws IOException {
    if (checkpoints != null && job.resume()) {
      var found = checkpoints.resume(identity);
      if (found.isPresent()) {
        savedStep = OptionalLong.of(found.get().step());
        log.accept("going on from step " + found.get().step());
        return found.get();
      }
    }
    if (checkpoints != null) {
      checkpoints.clear();
    }
    log.accept("beginning anew");
    double[] parameters = layers.initial(settings.seed());
    return new State(identity, 0, parameters, new double[parameters.length]);
  }

  private End train(Training training, Split split, Layers layers)
      throws TrainingException, IOException, InterruptedException {
    Pace pace = new Pace(training.step(), training.steps(), System.nanoTime());
    Epoch epoch = new Epoch();
    while (!training.finished()) {
      long begun = System.nanoTime();
      failOnPurpose(training.step());
      Training.Result result;
      try {
        result = training.next(stop.received());
      } catch (PeerLostException e) {
        save(training);
        report(training, pace, epoch);
        throw e;
      }
      epoch.add(result);
      if (result.stop()) {
        save(training);
        report(training, pace, epoch);
        log.accept("stopped after step " + training.step());
        return End.STOPPED;
      }
      if (checkpointIsDue()) {
        save(training);
      }
      report(training, pace, epoch);
      if (training.atEndOfEpoch()) {
        epoch.log(training);
        epoch = new Epoch();
      }
      slowDown(begun);
    }
    if (job.rank() == 0) {
      save(training);
      finish(training, split, layers);
    }
    return End.FINISHED;
  }

  private void finish(Training training, Split split, Layers layers) throws IOException {
    Classifier classifier =
        Classifier.of(layers, Scaling.of(split.train()), training.state().parameters());
    Classifier.Quality quality = new Output(job.output()).write(settings, split, classifier);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", quality.accuracy());
    metrics.put("loss", quality.loss());
    reporter.report(
        new Report(100, OptionalLong.of(0), training.step(), training.epoch(), savedStep, metrics));
    log.accept(
        String.format(
            Locale.ROOT,
            "%s is written: accuracy %.4f, loss %.4f on %d rows held out",
            job.output().resolve("model.onnx"),
            quality.accuracy(),
            quality.loss(),
            split.test().rows()));
  }

  private void failOnPurpose(long step) throws TrainingException {
    if (step > 0 && step == settings.failFirstAttemptAt() && job.attempt() == 0) {
      throw new TrainingException(
          "failing before step %d, as --fail-first-attempt-at asks for".formatted(step));
    }
  }

  private boolean checkpointIsDue() {
    return System.nanoTime() - savedAt >= job.checkpointInterval().toNanos();
  }

  private void save(Training training) throws IOException {
    if (checkpoints != null) {
      checkpoints.save(training.state());
      savedStep = OptionalLong.of(training.step());
      savedAt = System.nanoTime();
    }
  }

  private void report(Training training, Pace pace, Epoch epoch) {
    if (job.rank() == 0) {
      reporter.report(
          new Report(
              pace.percent(training.step()),
              pace.remainingSeconds(training.step(), System.nanoTime()),
              training.step(),
              training.epoch(),
              savedStep,
              epoch.metrics()));
    }
  }

  private void slowDown(long begun) throws InterruptedException {
    long left =
        TimeUnit.MILLISECONDS.toNanos(settings.minStepMillis()) - (System.nanoTime() - begun);
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  /** How the rows of one epoch were predicted while it went on. */
  private final class Epoch {
    private int rows;
    private double loss;
    private long right;

    void add(Training.Result result) {
      rows += result.rows();
      loss += result.loss();
      right += result.right();
    }

    Map<String, Double> metrics() {
      Map<String, Double> metrics = new LinkedHashMap<>();
      if (rows > 0) {
        metrics.put("trainLoss", loss / rows);
        metrics.put("trainAccuracy", (double) right / rows);
      }
      return metrics;
    }

    void log(Training training) {
      if (job.rank() == 0) {
        log.accept(
            String.format(
                Locale.ROOT,
                "epoch %d of %d: loss %.4f, accuracy %.4f",
                Math.round(training.epoch()),
                settings.epochs(),
                loss / rows,
                (double) right / rows));
      }
    }
  }
}
