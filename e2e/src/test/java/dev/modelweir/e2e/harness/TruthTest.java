package dev.modelweir.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.TrainingPhase;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What catches lies must catch them. */
class TruthTest {
  private final Truth truth = new Truth();
  private long version;

  @Test
  void allWorkersRunAndItSaysSoAndThenRests() {
    told(0, TrainingPhase.QUEUED, 0);
    worker(3, "a", true);
    told(4, TrainingPhase.STARTING, 0);
    worker(5, "b", true);
    told(6, TrainingPhase.RUNNING, 0);
    worker(8, "a", false);
    worker(8, "b", false);
    told(9, TrainingPhase.SUSPENDED, 0);

    assertThat(truth.lies(at(60))).isEmpty();
    assertThat(truth.claimsToRun()).isEqualTo(1);
  }

  @Test
  void runsBeforeItsLastWorker() {
    worker(1, "a", true);
    told(2, TrainingPhase.RUNNING, 0);
    worker(2, "b", true);

    assertThat(truth.lies(at(3))).singleElement().asString().contains("of its 2 workers only [0/a");
  }

  @Test
  void theWorkersOfAnEarlierAttemptDoNotCount() {
    worker(1, "a", true);
    worker(1, "b", true);
    told(2, TrainingPhase.RUNNING, 1);

    assertThat(truth.lies(at(3))).hasSize(1);
  }

  @Test
  void restsWhileAWorkerRuns() {
    told(0, TrainingPhase.SUSPENDED, 0);
    worker(1, "a", true);

    assertThat(truth.lies(at(2))).isEmpty();
    assertThat(truth.lies(at(4))).singleElement().asString().contains("SUSPENDED while [a] ran");
  }

  @Test
  void saysForLongThatItRunsWhenItsWorkersHaveEnded() {
    worker(1, "a", true);
    worker(1, "b", true);
    told(2, TrainingPhase.RUNNING, 0);
    worker(3, "a", false);
    worker(4, "b", false);

    assertThat(truth.lies(at(34))).isEmpty();
    assertThat(truth.lies(at(35))).singleElement().asString().contains("RUNNING while [] ran");
    told(36, TrainingPhase.SUCCEEDED, 0);
    assertThat(truth.lies(at(60))).hasSize(1);
  }

  @Test
  void whatCannotBeSeenIsNotTaken() {
    truth.blind("the watch ended");

    assertThat(truth.lies(at(0))).isNotEmpty();
  }

  private void told(int second, TrainingPhase phase, int attempt) {
    truth.told(new Truth.Told(++version, at(second), "job", phase, Integer.toString(attempt), 2));
  }

  private void worker(int second, String pod, boolean runs) {
    truth.seen(new Truth.Seen(++version, at(second), "job", "0", pod, true, runs));
  }

  private static Instant at(int second) {
    return Instant.EPOCH.plusSeconds(second);
  }
}
