package dev.modelweir.trainer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM into a wish to stop, and keeps the process alive until that wish is fulfilled or
 * Kubernetes loses its patience.
 */
final class StopSignal {
  /** For another worker that is gone, too, and will never answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final CountDownLatch received = new CountDownLatch(1);
  private final CountDownLatch saved = new CountDownLatch(1);

  /**
   * Listens from now on.
   *
   * @param unblock ends waiting for other workers; called when stopping takes too long
   */
  void install(Runnable unblock) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  received.countDown();
                  try {
                    if (!saved.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                      unblock.run();
                      saved.await();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  boolean received() {
    return received.getCount() == 0;
  }

  /** Waits for the signal; true when it came in time. */
  boolean await(Duration longest) throws InterruptedException {
    return received.await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** All that was to be done is done: ends the process, whether it was told to stop or not. */
  void end(int code) {
    if (received()) {
      // Inside a shutdown System.exit would wait for the hook, and the hook for us.
      Runtime.getRuntime().halt(code);
    }
    saved.countDown();
    System.exit(code);
  }
}
