package dev.modelweir.operator.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Condition;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackingTest {

  private static final Instant SINCE = Instant.parse("2026-11-24T11:00:00Z");

  /** Each pause is as long as the whole wait before it, so they double. */
  @ParameterizedTest
  @CsvSource({"0, 3", "3, 3", "6, 6", "12, 12", "24, 24", "48, 30", "86400, 30", "-5, 3"})
  void whatWaitsLongIsAskedForRarely(long waited, long pause) {
    Condition waits =
        new Condition("Tracked", "False", 1L, SINCE.toString(), "TrackingPending", "waits");
    assertThat(Tracking.pause(waits, SINCE.plusSeconds(waited)))
        .isEqualTo(Duration.ofSeconds(pause));
  }
}
