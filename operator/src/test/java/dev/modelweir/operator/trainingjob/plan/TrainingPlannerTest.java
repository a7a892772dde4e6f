package dev.modelweir.operator.trainingjob.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.trainingjob.Flowers;
import dev.modelweir.operator.trainingjob.state.StateMachine;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingPlannerTest {

  /** The pods tell of the end before their Job does; to delete it then would delete the logs. */
  @Test
  void theJobOfAnAttemptThatSucceededStays() {
    assertThat(obsolete(AttemptOutcome.SUCCEEDED)).isEmpty();
    assertThat(obsolete(AttemptOutcome.GANG_TIMEOUT)).containsExactly("iris-0");
  }

  private static List<String> obsolete(AttemptOutcome outcome) {
    TrainingJob job = Flowers.job(1);
    var attempt = new TrainingAttempt(0, outcome, null, "2026-11-24T11:59:00Z", null, null);
    job.setStatus(
        new ObjectMapper().convertValue(Map.of("attempt", attempt), TrainingJobStatus.class));
    TrainingObservation seen = Flowers.seen(List.of(Flowers.attempt(job, 0).build()));
    return new TrainingPlanner(new Settings("server:v1", true, List.of()), Optional::empty)
        .plan(job, seen, StateMachine.of(job, seen, Flowers.NOW)).obsolete().stream()
            .map((HasMetadata object) -> object.getMetadata().getName())
            .toList();
  }
}
