package dev.modelweir.server.schedule;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that compute. Platform threads, as many as can run at once: native calls pin virtual
 * threads, and more threads than CPUs only make every inference slower. What waits here is bounded
 * by those who hand it over: a batcher by its instances, a body by the limits of bodies.
 */
public final class Workers implements AutoCloseable {
  private static final int SMALL = 16 * 1024;

  private final ThreadPoolExecutor pool;

  public Workers(int threads) {
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("inference-", 0).daemon().factory());
    pool.prestartAllCoreThreads();
  }

  public int threads() {
    return pool.getCorePoolSize();
  }

  public void execute(Runnable task) {
    pool.execute(task);
  }

  /**
   * Does what a message of so many bytes asks for: at once on the calling event loop when it is
   * small, which costs less than waking another thread, and otherwise on a worker, so that it holds
   * up nobody else.
   *
   * @param packed whether the message has to be unpacked first, and may be large then
   */
  public void execute(int bytes, boolean packed, Runnable task) {
    if (atOnce(bytes, packed)) {
      task.run();
    } else {
      pool.execute(task);
    }
  }

  /** Whether {@link #execute(int, boolean, Runnable)} does it at once. */
  public boolean atOnce(int bytes, boolean packed) {
    return bytes <= SMALL && !packed;
  }

  /** Whether somebody waits for a thread. */
  public boolean contended() {
    return !pool.getQueue().isEmpty();
  }

  @Override
  public void close() {
    pool.close();
  }
}
