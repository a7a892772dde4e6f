package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Tries again what may succeed later, with pauses that double and are spread at random, so that the
 * replicas of a service do not return all at once.
 *
 * @param attempts in all, before giving up
 * @param firstPause before the second attempt
 * @param purpose says in which words and with which reason to give up
 */
public record Retries(int attempts, Duration firstPause, Consumer<String> log, Purpose purpose) {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  /** What is being tried. */
  public enum Purpose {
    READING("read", ExitReason.FetchFailed),
    WRITING("written", ExitReason.StoreFailed);

    private final String word;
    private final ExitReason reason;

    Purpose(String word, ExitReason reason) {
      this.word = word;
      this.reason = reason;
    }
  }

  /** Something that may fail for the moment (IOException) or for good (ExitException). */
  @FunctionalInterface
  public interface Attempt<T> {
    T run() throws ExitException, IOException;
  }

  /**
   * @param what for messages, such as the address
   * @throws ExitException the attempt's own, or that of the purpose after the last attempt
   */
  public <T> T call(String what, Attempt<T> attempt) throws ExitException, InterruptedIOException {
    for (int failed = 1; ; failed++) {
      try {
        return attempt.run();
      } catch (IOException e) {
        afterFailure(what, failed, e);
      }
    }
  }

  /**
   * For a transfer under way: what has arrived is worth waiting for, while a source that never
   * answered is soon reported.
   */
  Retries patient() {
    return new Retries(2 * attempts, firstPause, log, purpose);
  }

  /** Pauses after a failure, or gives up when it was the last that is allowed. */
  void afterFailure(String what, int failed, IOException failure)
      throws ExitException, InterruptedIOException {
    if (failed >= attempts) {
      throw new ExitException(
          purpose.reason,
          "%s could not be %s after %d attempts: %s"
              .formatted(what, purpose.word, failed, describe(failure)));
    }
    long most = Math.min(LONGEST_PAUSE.toMillis(), firstPause.toMillis() << (failed - 1));
    long pause = most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    log.accept(
        "%s: %s; attempt %d of %d in %d ms"
            .formatted(what, describe(failure), failed + 1, attempts, pause));
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted between attempts");
    }
  }

  static String describe(IOException failure) {
    String message = failure.getMessage();
    return switch (failure) {
      case java.net.UnknownHostException unknown -> "unknown host " + message;
      case java.net.SocketTimeoutException timeout -> "timed out (" + message + ")";
      default -> message == null ? failure.getClass().getSimpleName() : message;
    };
  }
}
