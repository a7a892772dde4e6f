package dev.modelweir.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueuePolicyTest {
  /** Microseconds of the model, of the request, and what is granted; 0 is any time. */
  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0, 5, 5", "5, 0, 5", "5, 3, 3", "3, 5, 3"})
  void aRequestMayOnlyShortenItsTime(long usual, long own, long granted) {
    QueuePolicy policy = new QueuePolicy(1, Duration.ZERO, 1, Duration.ofNanos(1000 * usual), 1, 1);

    assertThat(policy.grantedNanos(own)).isEqualTo(1000 * granted);
  }
}
