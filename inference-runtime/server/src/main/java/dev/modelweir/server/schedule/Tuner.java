package dev.modelweir.server.schedule;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.server.engine.Device;
import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.engine.Samples;
import dev.modelweir.server.engine.TensorMemory;
import dev.modelweir.server.engine.ort.Outputs;
import dev.modelweir.server.engine.ort.RunControl;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Measures a freshly loaded model: the time of a run for 1, 2, 4 … rows, as long as larger batches
 * compute more rows per second; times of sizes in between are interpolated. What is kept is then to
 * be warmed, each size that a batch may have, before the first request.
 */
public final class Tuner {
  private static final Logger LOG = Logger.getLogger(Tuner.class);

  /** A larger batch must compute so many times more rows per second to be worth its latency. */
  private static final double WORTH = 1.05;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final int WARM_UP_RUNS = 1;
  private static final int FEWEST_RUNS = 2;
  private static final int MOST_RUNS = 20;
  private static final double TOLERANCE = 1e-3;

  private final OnnxModel model;
  private final Samples samples;
  private final long budgetNanos;

  /**
   * @param budget after which no larger size is measured
   */
  public Tuner(OnnxModel model, Samples samples, Duration budget) {
    this.model = model;
    this.samples = samples;
    this.budgetNanos = budget.toNanos();
  }

  /**
   * @param mostRows not to be exceeded
   */
  public Tuning tune(int mostRows, int instances, int intraOpThreads) {
    long start = System.nanoTime();
    int limit = mostRows > 1 && batches() ? Integer.highestOneBit(mostRows) : 1;
    Profile profile = new Profile(limit);
    LongSupplier clock = clock(intraOpThreads);
    int best = 1;
    double bestRate = 0;
    for (int rows = 1; rows <= limit; rows *= 2) {
      if (rows > 1 && System.nanoTime() - start > budgetNanos) {
        break;
      }
      long nanos;
      try {
        nanos = measure(rows, instances, clock);
      } catch (CompletionException e) {
        if (rows > 1) {
          LOG.infof("model \"%s\" answers no %d rows: %s", name(), rows, e.getCause());
          break;
        }
        throw e;
      }
      profile.set(rows, nanos);
      double rate = instances * rows * 1e9 / nanos;
      if (rate > bestRate * WORTH) {
        best = rows;
        bestRate = rate;
      } else if (rows > 2 * best) {
        break;
      }
    }
    profile.smooth();
    return new Tuning(best, instances, intraOpThreads, profile, bestRate);
  }

  /**
   * Runs each size up to that one once.
   *
   * @return the sizes that ran
   */
  public List<Integer> warm(int mostRows) {
    List<Integer> warm = new ArrayList<>();
    for (int rows = 1; rows <= mostRows; rows++) {
      try (TensorMemory memory = new TensorMemory()) {
        model.infer(samples.request(rows, memory)).close();
        warm.add(rows);
      } catch (RuntimeException | OutOfMemoryError e) {
        LOG.debugf("model \"%s\" answers no %d rows: %s", name(), rows, e.getMessage());
      }
    }
    return warm;
  }

  private String name() {
    return model.metadata().name();
  }

  /**
   * Time of one run while as many run at once as will when serving: the mean over the instances of
   * each one's best, which other work on the machine disturbs least.
   *
   * @param clock tells nanoseconds on the thread that runs
   * @throws CompletionException when the model does not answer so many rows
   */
  private long measure(int rows, int instances, LongSupplier clock) {
    List<CompletableFuture<Long>> times =
        Stream.generate(
                () -> CompletableFuture.supplyAsync(() -> best(rows, clock), Tuner::inOwnThread))
            .limit(instances)
            .toList();
    // Only when all are over, as nothing may run in a session that is closed.
    CompletableFuture.allOf(times.toArray(CompletableFuture[]::new)).join();
    long total = times.stream().mapToLong(CompletableFuture::join).sum();
    return Math.max(1, total / instances);
  }

  /**
   * For runs that one thread computes by itself, the time that this thread computes. Models are
   * measured while the process starts and its code is being compiled, which takes some time away
   * from every run that is long: by the clock on the wall, batches of many rows would look worse
   * than they are. What several threads or a GPU compute has no other clock.
   */
  private LongSupplier clock(int intraOpThreads) {
    Set<String> alone = Set.of(new Device.Cpu().provider());
    return intraOpThreads == 1 && model.operators().keySet().equals(alone)
        ? THREADS::getCurrentThreadCpuTime
        : System::nanoTime;
  }

  private static void inOwnThread(Runnable task) {
    Thread.ofPlatform().name("tuner").daemon().start(task);
  }

  private long best(int rows, LongSupplier clock) {
    long best = Long.MAX_VALUE;
    try (TensorMemory memory = new TensorMemory();
        RunControl control = new RunControl()) {
      InferRequest request = samples.request(rows, memory);
      List<Tensor> inputs = model.metadata().arrange(request);
      int[] outputs = model.places(request.outputs());
      long begin = System.nanoTime();
      for (int i = 0; i < WARM_UP_RUNS + MOST_RUNS; i++) {
        long before = clock.getAsLong();
        model.run(inputs, outputs, control).close();
        long took = clock.getAsLong() - before;
        if (i >= WARM_UP_RUNS) {
          best = Math.min(best, took);
        }
        if (i >= WARM_UP_RUNS + FEWEST_RUNS - 1 && System.nanoTime() - begin > budgetNanos / 8) {
          break;
        }
      }
      return best;
    }
  }

  /**
   * Whether two requests may share a run: every tensor has an open first extent, and the answer for
   * a row does not depend on its neighbours.
   */
  private boolean batches() {
    ModelMetadata metadata = model.metadata();
    boolean open =
        Stream.concat(metadata.inputs().stream(), metadata.outputs().stream())
            .map(TensorSpec::shape)
            .allMatch(shape -> shape.rank() > 0 && shape.dim(0) < 0);
    if (!open || metadata.inputs().isEmpty()) {
      return false;
    }
    try (TensorMemory memory = new TensorMemory()) {
      List<byte[]> alone = firstRows(samples.request(1, memory), 1);
      List<byte[]> together = firstRows(samples.request(2, memory), 2);
      for (int i = 0; i < alone.size(); i++) {
        DataType type = metadata.outputs().get(i).type();
        if (!alike(type, ByteBuffer.wrap(alone.get(i)), ByteBuffer.wrap(together.get(i)))) {
          return false;
        }
      }
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      return false;
    }
  }

  /** The first row of each output; of one without that many rows an empty one, like no other. */
  private List<byte[]> firstRows(InferRequest request, int rows) {
    try (RunControl control = new RunControl();
        Outputs outputs =
            model.run(
                model.metadata().arrange(request), model.places(request.outputs()), control)) {
      List<byte[]> first = new ArrayList<>();
      for (Tensor output : outputs.tensors()) {
        if (!Batches.hasRows(output, rows)) {
          throw InferenceException.invalid("output \"%s\" has no rows", output.name());
        }
        ByteBuffer data = Batches.slice(output, 0, 1, rows).data();
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        first.add(bytes);
      }
      return first;
    }
  }

  private static boolean alike(DataType type, ByteBuffer a, ByteBuffer b) {
    a.order(ByteOrder.nativeOrder());
    b.order(ByteOrder.nativeOrder());
    if (type != DataType.FP32 && type != DataType.FP64) {
      return type == DataType.FP16 || type == DataType.BF16
          ? a.remaining() == b.remaining()
          : a.equals(b);
    }
    if (a.remaining() != b.remaining()) {
      return false;
    }
    while (a.hasRemaining()) {
      double x = type == DataType.FP32 ? a.getFloat() : a.getDouble();
      double y = type == DataType.FP32 ? b.getFloat() : b.getDouble();
      boolean same = x == y || Double.isNaN(x) && Double.isNaN(y);
      if (!same && !(Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.abs(x)))) {
        return false;
      }
    }
    return true;
  }
}
