package dev.modelweir.operator.trainingjob;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.trainingjob.state.Situation;
import dev.modelweir.operator.trainingjob.state.StateMachine;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A watch may lag behind the status that a leader before has written. */
class UnseenJobTest {

  private final ApiServer api = new ApiServer();
  private final TrainingJob training = remembering(null);
  private final Job zero = Flowers.attempt(training, 0).build();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void whatTheCacheLacksIsNotTakenForDeleted() {
    api.user().resource(zero).create();
    Situation at = look(training, Flowers.seen(List.of()));
    assertThat(at.ledger().attempt()).isNotNull().extracting(TrainingAttempt::outcome).isNull();
  }

  @Test
  void whatTheApiServerLacksIsDeleted() {
    assertThat(outcome(look(training, Flowers.seen(List.of()))))
        .isEqualTo(AttemptOutcome.DISRUPTED);
  }

  @Test
  void aNamesakeOfAnotherTrainingIsNotIt() {
    zero.getMetadata().getOwnerReferences().getFirst().setUid("another");
    api.user().resource(zero).create();
    assertThat(outcome(look(training, Flowers.seen(List.of()))))
        .isEqualTo(AttemptOutcome.DISRUPTED);
  }

  @Test
  void nobodyAsksForWhatIsSeenOrHasEnded() {
    look(training, Flowers.seen(List.of(zero)));
    look(remembering(AttemptOutcome.FAILED), Flowers.seen(List.of()));
    look(Flowers.job(1), Flowers.seen(List.of()));
    assertThat(api.requestsOfOperator()).isEmpty();
  }

  private Situation look(TrainingJob job, TrainingObservation seen) {
    return StateMachine.of(job, UnseenJob.complete(job, seen, api.operator()), Flowers.NOW);
  }

  private static @Nullable AttemptOutcome outcome(Situation at) {
    TrainingAttempt attempt = at.ledger().attempt();
    return attempt == null ? null : attempt.outcome();
  }

  private static TrainingJob remembering(@Nullable AttemptOutcome outcome) {
    TrainingJob job = Flowers.job(1);
    job.setStatus(
        new ObjectMapper()
            .convertValue(
                Map.of(
                    "attempt",
                    new TrainingAttempt(
                        0, outcome, null, "2026-11-24T11:51:00Z", null, null, null)),
                TrainingJobStatus.class));
    return job;
  }
}
