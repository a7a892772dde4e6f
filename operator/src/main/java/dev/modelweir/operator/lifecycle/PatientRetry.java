package dev.modelweir.operator.lifecycle;

import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Retries without end: exponential from one second to a minute, with up to a quarter of jitter. */
final class PatientRetry implements Retry {

  private static final long FIRST_MILLIS = 1_000;
  private static final long LONGEST_MILLIS = 60_000;

  @Override
  public RetryExecution initExecution() {
    return new Execution();
  }

  private static final class Execution implements RetryExecution {

    private int attempts;

    @Override
    public int getAttemptCount() {
      return attempts;
    }

    @Override
    public boolean isLastAttempt() {
      return false;
    }

    @Override
    public Optional<Long> nextDelay() {
      long delay = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempts, 10));
      attempts++;
      return Optional.of(delay - ThreadLocalRandom.current().nextLong(delay / 4));
    }
  }
}
