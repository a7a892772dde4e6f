package dev.modelweir.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PatientRetryTest {

  @Test
  void waitsLongerEachTimeUpToAMinuteAndNeverGivesUp() {
    RetryExecution execution = new PatientRetry().initExecution();
    long longest = 1_000;
    for (int attempt = 1; attempt <= 100; attempt++) {
      assertThat(execution.nextDelay().orElseThrow())
          .as("delay before attempt %d", attempt)
          .isBetween(longest * 3 / 4, longest);
      assertThat(execution.getAttemptCount()).isEqualTo(attempt);
      assertThat(execution.isLastAttempt()).isFalse();
      longest = Math.min(60_000, longest * 2);
    }
  }

  @Test
  void jitterKeepsObjectsThatFailTogetherApart() {
    Set<Long> delays = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      delays.add(new PatientRetry().initExecution().nextDelay().orElseThrow());
    }
    assertThat(delays).hasSizeGreaterThan(10);
  }

  @Test
  void eachExecutionStartsAfresh() {
    PatientRetry retry = new PatientRetry();
    RetryExecution first = retry.initExecution();
    for (int i = 0; i < 5; i++) {
      first.nextDelay();
    }
    assertThat(retry.initExecution().nextDelay().orElseThrow()).isLessThanOrEqualTo(1_000);
  }
}
