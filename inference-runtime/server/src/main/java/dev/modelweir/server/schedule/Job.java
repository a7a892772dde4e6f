package dev.modelweir.server.schedule;

import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request in its model's queue. */
final class Job {
  final InferRequest request;
  final List<Tensor> inputs;
  final int[] outputs;

  /** Rows it brings to a batch; 0 when it must run by itself. */
  final int rows;

  /** What it counts in statistics: its rows, or one when the model knows no rows. */
  final int items;

  final int priority;

  /** By {@link System#nanoTime}, or {@link Arrival#NEVER}. */
  final long deadline;

  final long arrived = System.nanoTime();
  final Completion completion;

  /** Breaks ties of priority: first come, first served. */
  long sequence;

  /** Guarded by the batcher's lock. */
  boolean cancelled;

  private final AtomicBoolean completed = new AtomicBoolean();

  /** The run it is part of; guarded by the batcher's lock. */
  @Nullable Run run;

  Job(
      InferRequest request,
      List<Tensor> inputs,
      int[] outputs,
      int rows,
      int items,
      int priority,
      long deadline,
      Completion completion) {
    this.request = request;
    this.inputs = inputs;
    this.outputs = outputs;
    this.rows = rows;
    this.items = items;
    this.priority = priority;
    this.deadline = deadline;
    this.completion = completion;
  }

  /** Whether the caller is the one to complete this; true exactly once. */
  boolean complete() {
    return completed.compareAndSet(false, true);
  }

  boolean completed() {
    return completed.get();
  }

  /** Nanoseconds until its deadline; a very long time without one. */
  long left(long now) {
    return deadline == Arrival.NEVER ? Long.MAX_VALUE : deadline - now;
  }

  /** Whether an answer that comes after so many nanoseconds from now would be too late. */
  boolean tooLateIn(long nanos, long now) {
    return deadline != Arrival.NEVER && now + nanos - deadline > 0;
  }

  /** Whether both can be one run: the same shapes but for the number of rows. */
  boolean fits(Job other) {
    for (int i = 0; i < inputs.size(); i++) {
      Shape mine = inputs.get(i).shape();
      Shape others = other.inputs.get(i).shape();
      if (mine.rank() != others.rank()) {
        return false;
      }
      for (int d = 1; d < mine.rank(); d++) {
        if (mine.dim(d) != others.dim(d)) {
          return false;
        }
      }
    }
    return true;
  }
}
