package dev.modelweir.e2e.harness;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for what the cluster should come to, and says what it came to instead. */
public final class Await {
  private Await() {}

  /**
   * Returns the first value that fits.
   *
   * @param what the wanted outcome, for the message
   * @param look looks again; an exception counts as not there yet
   * @param fits whether this is it
   * @param explain tells what may have gone wrong
   */
  public static <T> T until(
      String what, Duration limit, Supplier<T> look, Predicate<T> fits, Supplier<String> explain) {
    AtomicReference<@Nullable T> last = new AtomicReference<>();
    try {
      Awaitility.await()
          .atMost(limit)
          .pollInterval(Duration.ofMillis(200))
          .pollDelay(Duration.ZERO)
          .ignoreExceptions()
          .until(() -> {
            T seen = look.get();
            last.set(seen);
            return fits.test(seen);
          });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "waited %d s in vain for: %s%n%s".formatted(limit.toSeconds(), what, explain.get()), e);
    }
    T found = last.get();
    if (found == null) {
      throw new AssertionError("nothing was seen while waiting for: " + what);
    }
    return found;
  }

  /** Returns the first value that fits; the message shows the last one that did not. */
  public static <T> T until(String what, Duration limit, Supplier<T> look, Predicate<T> fits) {
    AtomicReference<@Nullable T> last = new AtomicReference<>();
    return until(
        what,
        limit,
        () -> {
          T seen = look.get();
          last.set(seen);
          return seen;
        },
        fits,
        () -> "last seen: " + last.get());
  }
}
