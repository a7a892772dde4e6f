package dev.modelweir.server;

import java.time.Duration;
import java.util.function.IntConsumer;

/** How large a request to the model {@code slow} must be to last on the machine that tests it. */
public final class SlowModel {
  /** No work at all. */
  public static final int INSTANT = 8;

  /** Long enough for a look at the server meanwhile, however slowly the test comes to it. */
  private static final Duration BUSY = Duration.ofSeconds(4);

  private static final int SAMPLE = 1000;

  private SlowModel() {}

  /**
   * The size that keeps one worker busy for some seconds; twice the size takes eight times as long.
   *
   * @param infer asks for an inference of a size and waits for its answer
   */
  public static int busy(IntConsumer infer) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) { // the first may be slow
      long begin = System.nanoTime();
      infer.accept(SAMPLE);
      least = Math.min(least, System.nanoTime() - begin);
    }
    // The work grows with the third power of the size.
    return (int) (SAMPLE * Math.cbrt((double) BUSY.toNanos() / least));
  }
}
