package dev.modelweir.operator.trainingjob.state;

import static dev.modelweir.operator.trainingjob.Flowers.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.trainingjob.Flowers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of a training before anything is made for it. */
class NewcomerTest {

  private static final Instant LONG_AGO = NOW.minusSeconds(3_600);

  @Test
  void isToldAfterSomeSecondsAndOneAfterTheOther() {
    TrainingJob job = created(NOW);
    assertThat(Newcomer.silence(job, LONG_AGO, 0, NOW)).isEqualTo(Duration.ofSeconds(5));
    assertThat(Newcomer.silence(job, LONG_AGO, 100, NOW)).isEqualTo(Duration.ofSeconds(7));
    assertThat(Newcomer.silence(job, LONG_AGO, 100, NOW.plusSeconds(8))).isNegative();
  }

  /** All at once they would stand in the way of everything else that is to be caught up on. */
  @Test
  void whatCameWhileNobodyLookedIsToldOneAfterTheOtherToo() {
    TrainingJob job = created(LONG_AGO);
    assertThat(Newcomer.silence(job, NOW, 100, NOW)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void aSuspendedOneIsSuspended() {
    TrainingJob job = Flowers.job(1, spec -> spec.suspended());
    Situation at = Newcomer.situation(job, Newcomer.observation(7, Optional.empty(), NOW), NOW);
    assertThat(at.phase()).isEqualTo(TrainingPhase.SUSPENDED);
    assertThat(at.next()).isEqualTo(Next.NOTHING);
  }

  /** However many are before it. */
  @Test
  void whatCannotBeCarriedOutIsToldSo() {
    TrainingJob job = Flowers.job(1);
    var impossible = new Refusal(Reason.IMPOSSIBLE_ACCELERATOR, "no node has 9 GPUs");
    var seen = Newcomer.observation(7, Optional.of(impossible), NOW);
    Situation at = Newcomer.situation(job, seen, NOW);
    assertThat(at.standing()).isEqualTo(Situation.Standing.BLOCKED);
    assertThat(at.reason()).isEqualTo(Reason.IMPOSSIBLE_ACCELERATOR);
    assertThat(Newcomer.situation(job, Newcomer.observation(7, Optional.empty(), NOW), NOW).phase())
        .isEqualTo(TrainingPhase.QUEUED);
  }

  private static TrainingJob created(Instant when) {
    TrainingJob job = Flowers.job(1);
    job.getMetadata().setCreationTimestamp(when.toString());
    return job;
  }
}
