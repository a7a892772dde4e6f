package dev.modelweir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.harness.WorkersWatch;
import java.util.Objects;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Gangs on the four devices of the embedded cluster: all of one or none of it. */
@EndToEnd
@Order(14)
class TrainingQueueIT {
  private final TestNamespace namespace;

  TrainingQueueIT(TestNamespace namespace, EmbeddedCluster cluster) {
    this.namespace = namespace;
  }

  @Test
  void twoGangsThatDoNotFitTogetherRunOneAfterTheOther() {
    try (WorkersWatch watch = new WorkersWatch(namespace)) {
      Training first = gang("first", "");
      Training second = gang("second", "");
      TrainingJobStatus waiting =
          second.await(
              "waits", status -> status.phase() == TrainingPhase.QUEUED && status.queue() != null);
      QueueStatus queue = requireNonNull(waiting.queue());
      assertThat(queue.position()).isEqualTo(1);
      assertThat(queue.message()).isNotEmpty();

      // All of the second may start beside the last of the first, but never some of it.
      assertThat(first.awaitSucceeded().restartsTotal()).isZero();
      assertThat(second.awaitSucceeded().restartsTotal()).isZero();
      assertThat(second.status().accelerators()).isEqualTo(3);
      assertThat(requireNonNull(second.status().gpuSeconds()).allocated()).isPositive();
      assertThat(watch.mostAtOnce()).isBetween(3, 4);
    }
  }

  @Test
  void thePriorityDecidesWhoIsNext() {
    Training now = gang("now", "");
    now.awaitPhase(TrainingPhase.RUNNING);
    Training later = gang("later", "");
    later.awaitPhase(TrainingPhase.QUEUED);
    Training urgent = gang("urgent", "priority: 10\n");
    urgent.awaitPhase(TrainingPhase.QUEUED);

    later.await(
        "is behind the urgent one",
        status -> status.queue() != null && Objects.equals(status.queue().position(), 2));
    urgent.awaitSucceeded();
    assertThat(later.status().startedAt()).isNull();
    later.awaitSucceeded();
  }

  @Test
  void theQuotaOfTheNamespaceHoldsBackTheWholeGang(Platform platform) {
    try (TestNamespace small = platform.namespace("gang-quota")) {
      small.kubectl("create", "quota", "two", "--hard=requests.nvidia.com/gpu=2").output();
      Training training = small.training("three").apply(spec(""));

      TrainingJobStatus waiting = training.awaitPhase(TrainingPhase.QUEUED);
      training.await(
          "names the quota",
          status ->
              status.queue() != null
                  && Objects.requireNonNullElse(status.queue().message(), "").contains("two"));
      assertThat(training.pods()).isEmpty();
      assertThat(waiting.startedAt()).isNull();

      small.kubectl("delete", "quota", "two").output();
      training.awaitSucceeded();
    }
  }

  /** There is no Kueue, so the operator decides. */
  @Test
  void aQueueOfKueueIsTheBuiltInOneWhereThereIsNoKueue() {
    namespace
        .training("no-kueue")
        .apply(Trainings.iris("--epochs", "1") + "queue: research\n")
        .awaitSucceeded();
  }

  private Training gang(String name, String more) {
    return namespace.training(name).apply(spec(more));
  }

  private static String spec(String more) {
    return Trainings.iris("--min-step-millis", "40")
        + "  accelerator: {vendor: NVIDIA, count: 1}\nworkers: 3\n"
        + more;
  }
}
