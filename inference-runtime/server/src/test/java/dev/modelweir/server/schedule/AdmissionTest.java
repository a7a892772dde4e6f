package dev.modelweir.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.server.schedule.Admission.Ahead;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final long MS = Duration.ofMillis(1).toNanos();
  private static final int PLACES = 10;
  private static final Ahead NOTHING = new Ahead(0, 0, 0, 0, false);

  private final Profile profile = new Profile(4);
  private final Admission admission =
      new Admission(new QueuePolicy(4, Duration.ZERO, PLACES, Duration.ZERO, 1, 1), profile, 1, 2);

  AdmissionTest() {
    profile.set(1, 10 * MS);
    profile.set(2, 12 * MS);
    profile.set(4, 20 * MS);
  }

  @Test
  void refusesWhenNoPlaceIsLeft() {
    assertThat(refusal(new Ahead(PLACES - 1, 9, 0, 0, true), Arrival.NEVER)).isNull();
    assertThat(refusal(new Ahead(PLACES, 10, 0, 0, true), Arrival.NEVER))
        .isEqualTo(Code.OVERLOADED);
    assertThat(refusal(new Ahead(PLACES - 1, 9, 1, 0, true), Arrival.NEVER))
        .isEqualTo(Code.OVERLOADED);
    assertThat(refusal(new Ahead(0, 0, PLACES, 0, false), Arrival.NEVER))
        .isEqualTo(Code.OVERLOADED);
  }

  @Test
  void refusesWhatWouldComeTooLate() {
    assertThat(refusal(NOTHING, 10 * MS)).isNull();
    assertThat(refusal(NOTHING, 10 * MS - 1)).isEqualTo(Code.TOO_LATE);
    assertThat(refusal(NOTHING, -MS)).isEqualTo(Code.TOO_LATE);
  }

  @Test
  void waitsForWhatIsAhead() {
    // What computes counts as half a run; the request shares a full run with others.
    Ahead queue = new Ahead(8, 8, 0, 0, true);
    assertThat(admission.expectedNanos(queue, 1, 0, 4)).isEqualTo((8 + 3) * 20 * MS / 4 + 20 * MS);
    Ahead oneComputes = new Ahead(0, 0, 0, 0, true);
    assertThat(admission.expectedNanos(oneComputes, 1, 0, 4)).isEqualTo(3 * 16 * MS / 4 + 10 * MS);
  }

  @Test
  void readingCountsBeforeComputing() {
    // Two threads read what is ahead; its own bytes are read by one.
    Ahead unread = new Ahead(0, 0, 1, 30 * MS, false);
    long computing = admission.expectedNanos(new Ahead(1, 1, 0, 0, false), 1, 0, 4);
    assertThat(admission.expectedNanos(unread, 1, 5 * MS, 4))
        .isEqualTo(15 * MS + 5 * MS + computing);
  }

  @Test
  void withoutBatchesEachIsARun() {
    Ahead queue = new Ahead(3, 3, 0, 0, false);
    assertThat(admission.expectedNanos(queue, 1, 0, 1)).isEqualTo(3 * 10 * MS + 10 * MS);
  }

  /** Whoever comes behind more never waits less. */
  @Test
  void moreAheadNeverTakesLess() {
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      int requests = random.nextInt(100);
      int unread = random.nextInt(100);
      long reading = random.nextLong(100 * MS);
      Ahead less = new Ahead(requests, requests, unread, reading, false);
      Ahead more =
          new Ahead(
              requests + random.nextInt(10),
              requests + random.nextInt(10),
              unread + random.nextInt(10),
              reading + random.nextLong(MS),
              random.nextBoolean());
      assertThat(admission.expectedNanos(more, 1, 0, 4))
          .isGreaterThanOrEqualTo(admission.expectedNanos(less, 1, 0, 4));
    }
  }

  private Code refusal(Ahead ahead, long deadline) {
    return admission.refusal(ahead, 1, 0, 4, deadline, 0).orElse(null);
  }
}
