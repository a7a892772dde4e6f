package dev.modelweir.server.schedule;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.engine.Samples;
import dev.modelweir.server.engine.TensorMemory;
import dev.modelweir.server.engine.ort.Outputs;
import dev.modelweir.server.engine.ort.RunControl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Measures a freshly loaded model: the time of a run for 1, 2, 4 … rows, as long as larger batches
 * compute more rows per second. Each size that will be used is thereby warm before the first
 * request.
 */
public final class Tuner {
  /** A larger batch must compute so many times more rows per second to be worth its latency. */
  private static final double WORTH = 1.05;

  private static final int WARM_UP_RUNS = 1;
  private static final int FEWEST_RUNS = 2;
  private static final int MOST_RUNS = 20;
  private static final double TOLERANCE = 1e-3;

  private final OnnxModel model;
  private final Samples samples;
  private final long budgetNanos;

  /**
   * @param budget after which no larger size is begun
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
    int best = 1;
    double bestRate = 0;
    for (int rows = 1; rows <= limit; rows *= 2) {
      if (rows > 1 && System.nanoTime() - start > budgetNanos) {
        break;
      }
      long nanos = measure(rows, instances);
      profile.set(rows, nanos);
      double rate = instances * rows * 1e9 / nanos;
      if (rate > bestRate * WORTH) {
        best = rows;
        bestRate = rate;
      } else if (rows > 2 * best) {
        break;
      }
    }
    return new Tuning(best, instances, intraOpThreads, profile, bestRate);
  }

  /**
   * Time of one run while as many run at once as will when serving: the mean over the instances of
   * each one's best, which other work on the machine disturbs least.
   */
  private long measure(int rows, int instances) {
    AtomicLong total = new AtomicLong();
    CountDownLatch others = new CountDownLatch(instances - 1);
    Runnable loop = () -> total.addAndGet(best(rows));
    for (int i = 1; i < instances; i++) {
      Thread.ofPlatform()
          .name("tuner-", i)
          .daemon()
          .start(() -> {
            try {
              loop.run();
            } finally {
              others.countDown();
            }
          });
    }
    loop.run();
    try {
      others.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Math.max(1, total.get() / instances);
  }

  private long best(int rows) {
    long best = Long.MAX_VALUE;
    try (TensorMemory memory = new TensorMemory();
        RunControl control = new RunControl()) {
      InferRequest request = samples.request(rows, memory);
      List<Tensor> inputs = model.metadata().arrange(request);
      int[] outputs = model.places(request.outputs());
      long begin = System.nanoTime();
      for (int i = 0; i < WARM_UP_RUNS + MOST_RUNS; i++) {
        long before = System.nanoTime();
        model.run(inputs, outputs, control).close();
        long after = System.nanoTime();
        if (i >= WARM_UP_RUNS) {
          best = Math.min(best, after - before);
        }
        if (i >= WARM_UP_RUNS + FEWEST_RUNS - 1 && after - begin > budgetNanos / 8) {
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
    } catch (InferenceException e) {
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
