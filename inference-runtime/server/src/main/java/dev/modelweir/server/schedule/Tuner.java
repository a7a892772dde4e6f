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

  /** GPUs multiply with fewer bits, and choose another way by the number of rows. */
  private static final double NOISE_OF_DEVICES = 10;

  private static final int WARM_UP_RUNS = 1;
  private static final int FEWEST_RUNS = 2;
  private static final int MOST_RUNS = 20;

  private final OnnxModel model;
  private final Samples samples;
  private final long budgetNanos;
  private final double noise;

  /**
   * @param budget after which no larger size is measured
   */
  public Tuner(OnnxModel model, Samples samples, Duration budget) {
    this.model = model;
    this.samples = samples;
    this.budgetNanos = budget.toNanos();
    this.noise = isOnCpuAlone(model) ? 1 : NOISE_OF_DEVICES;
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
    return intraOpThreads == 1 && isOnCpuAlone(model)
        ? THREADS::getCurrentThreadCpuTime
        : System::nanoTime;
  }

  private static boolean isOnCpuAlone(OnnxModel model) {
    return model.operators().keySet().equals(Set.of(new Device.Cpu().provider()));
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
   * a row does not depend on its neighbours, be they before it or behind it.
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
    try {
      List<Tensor> first = answer(List.of(0));
      List<Tensor> second = answer(List.of(1));
      List<Tensor> together = answer(List.of(0, 1));
      List<Tensor> swapped = answer(List.of(1, 0));
      for (int i = 0; i < metadata.outputs().size(); i++) {
        if (!alike(first.get(i), row(together.get(i), 0))
            || !alike(second.get(i), row(together.get(i), 1))
            || !alike(second.get(i), row(swapped.get(i), 0))
            || !alike(first.get(i), row(swapped.get(i), 1))) {
          LOG.infof(
              "model \"%s\" is asked for one request at a time: in \"%s\" the answer for a row is another beside other rows",
              name(), metadata.outputs().get(i).name());
          return false;
        }
      }
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.infof("model \"%s\" is asked for one request at a time: %s", name(), e.getMessage());
      return false;
    }
  }

  private static Tensor row(Tensor output, int row) {
    return Batches.slice(output, row, 1, 2);
  }

  /** All outputs for these rows, each with as many rows. */
  private List<Tensor> answer(List<Integer> rows) {
    try (TensorMemory memory = new TensorMemory();
        RunControl control = new RunControl()) {
      InferRequest request = samples.distinct(rows, memory);
      try (Outputs outputs =
          model.run(model.metadata().arrange(request), model.places(request.outputs()), control)) {
        List<Tensor> copies = new ArrayList<>();
        for (Tensor output : outputs.tensors()) {
          if (!Batches.hasRows(output, rows.size())) {
            throw InferenceException.invalid("output \"%s\" has no rows", output.name());
          }
          copies.add(copy(output));
        }
        return copies;
      }
    }
  }

  private static Tensor copy(Tensor tensor) {
    ByteBuffer data = tensor.data();
    ByteBuffer copy = ByteBuffer.allocate(data.remaining()).order(data.order());
    copy.put(data.duplicate()).flip();
    return new Tensor(tensor.name(), tensor.type(), tensor.shape(), copy);
  }

  /** Whether two tensors are the same but for the noise of another order of additions. */
  private boolean alike(Tensor one, Tensor other) {
    ByteBuffer a = one.data().duplicate().order(ByteOrder.nativeOrder());
    ByteBuffer b = other.data().duplicate().order(ByteOrder.nativeOrder());
    double tolerance = noise * tolerance(one.type());
    if (tolerance == 0 || a.remaining() != b.remaining()) {
      return a.equals(b);
    }
    while (a.hasRemaining()) {
      double x = next(one.type(), a);
      double y = next(one.type(), b);
      boolean same = x == y || Double.isNaN(x) && Double.isNaN(y);
      if (!same && !(Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(x)))) {
        return false;
      }
    }
    return true;
  }

  /** Some units in the last place of what a deep model adds up; 0 for what is exact. */
  private static double tolerance(DataType type) {
    return switch (type) {
      case FP32, FP64 -> 1e-3;
      case FP16 -> 1e-2;
      case BF16 -> 5e-2;
      default -> 0;
    };
  }

  private static double next(DataType type, ByteBuffer data) {
    return switch (type) {
      case FP64 -> data.getDouble();
      case FP32 -> data.getFloat();
      case FP16 -> Float.float16ToFloat(data.getShort());
      case BF16 -> Float.intBitsToFloat(data.getShort() << Short.SIZE);
      default -> throw new IllegalArgumentException(type.toString());
    };
  }
}
