package dev.modelweir.server.schedule;

import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.engine.TensorMemory;
import dev.modelweir.server.engine.ort.Outputs;
import dev.modelweir.server.engine.ort.RunControl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/** What becomes of jobs once their turn has come, until each of them is answered. */
final class Computation {
  private static final Logger LOG = Logger.getLogger(Computation.class);

  private final OnnxModel model;
  private final Profile profile;
  private final RunObserver observer;
  private final ReentrantLock lock;

  /** Whether several requests may go into one run; false once the model has shown otherwise. */
  private volatile boolean batching;

  /**
   * @param lock guards which run a job is in
   */
  Computation(
      OnnxModel model,
      Profile profile,
      RunObserver observer,
      boolean batching,
      ReentrantLock lock) {
    this.model = model;
    this.profile = profile;
    this.observer = observer;
    this.batching = batching;
    this.lock = lock;
  }

  boolean batches() {
    return batching;
  }

  /** Computes the jobs of a run and answers them. */
  void compute(Run run, RunControl control) {
    if (run.jobs.size() == 1) {
      computeAlone(run, control);
      return;
    }
    int rows = run.rows();
    long begin = System.nanoTime();
    int[] outputs =
        run.jobs.stream().flatMapToInt(job -> IntStream.of(job.outputs)).distinct().toArray();
    try (TensorMemory memory = new TensorMemory()) {
      List<Tensor> inputs = Batches.join(run.jobs, rows, memory);
      long joined = System.nanoTime();
      try (Outputs result = model.run(inputs, outputs, control)) {
        long computed = System.nanoTime();
        finished(run);
        profile.observe(rows, computed - joined);
        observer.ran(run.jobs.size(), rows, joined - begin, computed - joined);
        if (!result.tensors().stream().allMatch(output -> Batches.hasRows(output, rows))) {
          batching = false;
          retryAlone(run, control, new InferenceException(Code.INTERNAL, "rows got lost"));
          return;
        }
        int from = 0;
        for (Job job : run.jobs) {
          succeed(job, slice(job, outputs, result.tensors(), from, rows), begin);
          from += job.rows;
        }
      }
    } catch (InferenceException e) {
      finished(run);
      retryAlone(run, control, e);
    } catch (RuntimeException | OutOfMemoryError e) {
      finished(run);
      InferenceException said = unexpected(e);
      run.jobs.forEach(job -> fail(job, said));
    }
  }

  private static List<Tensor> slice(Job job, int[] places, List<Tensor> all, int from, int ofRows) {
    List<Tensor> own = new ArrayList<>(job.outputs.length);
    for (int wanted : job.outputs) {
      for (int i = 0; i < places.length; i++) {
        if (places[i] == wanted) {
          own.add(Batches.slice(all.get(i), from, job.rows, ofRows));
        }
      }
    }
    return own;
  }

  /** One bad request must not fail its neighbours, nor a model that cannot batch after all. */
  private void retryAlone(Run failed, RunControl control, InferenceException why) {
    LOG.debugf(
        "a batch of model \"%s\" is computed one by one: %s",
        model.metadata().name(), why.getMessage());
    for (Job job : failed.jobs) {
      if (job.completed()) {
        continue;
      }
      Run alone = new Run(List.of(job), control);
      lock.lock();
      try {
        job.run = alone;
        if (job.cancelled) {
          alone.left();
        }
      } finally {
        lock.unlock();
      }
      computeAlone(alone, control);
    }
  }

  private void computeAlone(Run run, RunControl control) {
    Job job = run.jobs.getFirst();
    long begin = System.nanoTime();
    try (Outputs result = model.run(job.inputs, job.outputs, control)) {
      long computed = System.nanoTime();
      finished(run);
      profile.observe(job.items, computed - begin);
      observer.ran(1, job.items, 0, computed - begin);
      succeed(job, result.tensors(), begin);
    } catch (InferenceException e) {
      finished(run);
      fail(job, e);
    } catch (RuntimeException | OutOfMemoryError e) {
      finished(run);
      fail(job, unexpected(e));
    }
  }

  private void finished(Run run) {
    lock.lock();
    try {
      run.finished();
    } finally {
      lock.unlock();
    }
  }

  private void succeed(Job job, List<Tensor> outputs, long begin) {
    if (!job.complete()) {
      return;
    }
    long computed = System.nanoTime();
    InferResponse response =
        new InferResponse(
            model.metadata().name(),
            model.metadata().versions().getFirst(),
            job.request.id(),
            outputs);
    try {
      job.completion.succeeded(response);
    } catch (InferenceException e) {
      end(job, e);
      return;
    } catch (RuntimeException | OutOfMemoryError e) {
      end(job, unexpected(e));
      return;
    }
    long written = System.nanoTime();
    observer.succeeded(job.items, begin - job.arrived, written - computed, written - job.arrived);
    model.release();
    job.completion.send();
  }

  /** Answers a job that is not, or could not be, computed. */
  void fail(Job job, InferenceException failure) {
    if (job.complete()) {
      end(job, job.cancelled ? cancelled() : failure);
    }
  }

  private void end(Job job, InferenceException failure) {
    observer.failed(failure.code(), System.nanoTime() - job.arrived);
    model.release();
    job.completion.failed(failure);
  }

  private InferenceException unexpected(Throwable e) {
    LOG.errorf(e, "an inference of model \"%s\" failed in the server", model.metadata().name());
    return new InferenceException(Code.INTERNAL, "internal error; see the server's log");
  }

  static InferenceException cancelled() {
    return new InferenceException(Code.CANCELLED, "the client has gone");
  }
}
