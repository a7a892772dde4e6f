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
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingPlannerTest {

  private static final TrainingPlanner PLANNER =
      new TrainingPlanner(new Settings("server:v1", true, List.of()), Optional::empty);

  /** The pods tell of the end before their Job does; to delete it then would delete the logs. */
  @Test
  void theJobOfAnAttemptThatSucceededStays() {
    assertThat(obsolete(AttemptOutcome.SUCCEEDED)).isEmpty();
    assertThat(obsolete(AttemptOutcome.GANG_TIMEOUT)).containsExactly("iris-0");
  }

  /** Who is alone has nobody to find; what an earlier version made for it stays with it. */
  @Test
  void onlyAGangHasAService() {
    assertThat(desired(Flowers.job(2))).contains("Service iris-training");
    assertThat(desired(Flowers.job(1))).noneMatch(object -> object.startsWith("Service "));
    assertThat(master(1)).isEqualTo("localhost");
    assertThat(master(2)).isEqualTo("iris-0-0.iris-training.default.svc");
  }

  private static String master(int workers) {
    return TrainingEnvironment.of(Flowers.job(workers), 0).stream()
        .filter(variable -> variable.getName().equals("MODELWEIR_MASTER_ADDR"))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> desired(TrainingJob job) {
    TrainingObservation seen = Flowers.seen(List.of());
    return PLANNER.plan(job, seen, StateMachine.of(job, seen, Flowers.NOW)).desired().stream()
        .map((HasMetadata object) -> object.getKind() + " " + object.getMetadata().getName())
        .toList();
  }

  private static List<String> obsolete(AttemptOutcome outcome) {
    TrainingJob job = Flowers.job(1);
    var attempt = new TrainingAttempt(0, outcome, null, null, "2026-11-24T11:59:00Z", null, null);
    job.setStatus(
        new ObjectMapper().convertValue(Map.of("attempt", attempt), TrainingJobStatus.class));
    TrainingObservation seen = Flowers.seen(List.of(Flowers.attempt(job, 0).build()));
    return PLANNER.plan(job, seen, StateMachine.of(job, seen, Flowers.NOW)).obsolete().stream()
        .map((HasMetadata object) -> object.getMetadata().getName())
        .toList();
  }
}
