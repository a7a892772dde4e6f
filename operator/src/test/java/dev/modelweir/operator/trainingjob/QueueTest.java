package dev.modelweir.operator.trainingjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.operator.trainingjob.admission.Starting;
import dev.modelweir.operator.trainingjob.state.Attempt;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What trainings that were let in have yet to take. */
class QueueTest {

  private final Job job = Flowers.attempt(Flowers.job(2), 0).build();
  private final Pod first = onNode(Flowers.running(job, 0));
  private final Pod second = onNode(Flowers.running(job, 1));
  private final Attempt running = Attempt.of(job, List.of(first, second));

  @Test
  void whatRunsTakesNoMore() {
    assertThat(Queue.starting(running, seeing(first, second))).isEmpty();
    assertThat(Queue.starting(running, Optional.empty())).as("room is unknown").isEmpty();
  }

  @Test
  void whatIsNotThereYetIsStillToBeTaken() {
    Attempt starting = Attempt.of(job, List.of(first));
    assertThat(Queue.starting(starting, seeing(first)).map(Starting::unplaced)).contains(1);
    assertThat(Queue.starting(starting, seeing(first)).map(Starting::uncreated)).contains(1);
    assertThat(Queue.starting(starting, Optional.empty()).map(Starting::unplaced))
        .as("by its own pods where room is unknown")
        .contains(1);
  }

  /** Two watches tell of one pod, one before the other: its room must not be given away between. */
  @Test
  void whatRunsIsReservedUntilTheRoomsShowIt() {
    assertThat(Queue.starting(running, seeing(first)).map(Starting::unplaced)).contains(1);
  }

  @Test
  void whatHasEndedTakesNothing() {
    Attempt failed =
        Attempt.of(Flowers.ended(Flowers.job(2), 0, "Failed", "exit code 1"), List.of(first));
    assertThat(Queue.starting(failed, seeing(first))).isEmpty();
  }

  private static Optional<Cluster> seeing(Pod... pods) {
    return Optional.of(Cluster.of(List.of(), List.of(pods)));
  }

  private static Pod onNode(Pod pod) {
    return new PodBuilder(pod).editSpec().withNodeName("a").endSpec().build();
  }
}
