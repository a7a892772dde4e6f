package dev.modelweir.operator.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;

/** Waits for what other threads are about to do. */
public final class Eventually {

  // Long enough for a busy machine; a test that passes does not wait for it.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Eventually() {}

  /** Returns as soon as the assertion holds, and fails with its last error if it never does. */
  public static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(assertion);
  }
}
