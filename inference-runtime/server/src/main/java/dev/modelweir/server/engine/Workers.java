package dev.modelweir.server.engine;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that run inferences. Platform threads, as many as can run at once: native calls pin
 * virtual threads, and more threads than CPUs only make every inference slower.
 */
public final class Workers implements AutoCloseable {
  private final ThreadPoolExecutor pool;

  /**
   * @param queueSize tasks that may wait; further ones are refused
   */
  public Workers(int threads, int queueSize) {
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueSize),
            Thread.ofPlatform().name("inference-", 0).daemon().factory());
    pool.prestartAllCoreThreads();
  }

  /** Takes the task, or returns false when the queue is full. */
  public boolean offer(Runnable task) {
    try {
      pool.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Tasks that wait for a thread. */
  public int waiting() {
    return pool.getQueue().size();
  }

  @Override
  public void close() {
    pool.close();
  }
}
