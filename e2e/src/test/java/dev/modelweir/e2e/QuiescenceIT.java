package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.AuditLog.Call;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.Trainings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What is as it should be costs the API server nothing. */
@EndToEnd
@Order(7)
class QuiescenceIT {
  private static final Duration REST = Duration.ofSeconds(60);

  @Test
  void nothingIsWrittenAtRest(TestNamespace namespace, EmbeddedCluster cluster) throws IOException {
    namespace.claim(cluster, "training");
    Training trained =
        namespace
            .training("trained")
            .apply(
                Trainings.iris("--epochs", "1")
                    + Trainings.keeping("training", "kept")
                    + "  alias: champion\n");
    Training resting = namespace.training("resting").apply(Trainings.iris() + "suspend: true\n");
    Training waiting =
        namespace.training("waiting").apply(Trainings.iris() + "priority: -1\nworkers: 1000\n");
    namespace.isvc("one").applyIris("v1");
    namespace.isvc("two").applyIris("v2");
    namespace.kubectl("scale", "isvc/two", "--replicas=2").output();
    namespace.isvc("none").applyIris("v1");
    namespace.kubectl("scale", "isvc/none", "--replicas=0").output();
    List.of("one", "two", "none").forEach(name -> namespace.isvc(name).awaitSettled());
    trained.awaitSucceeded();
    namespace.model("kept").awaitAlias("champion", trained.status().modelVersion());
    resting.awaitPhase(TrainingPhase.SUSPENDED);
    waiting.await("waits for room", status -> status.queue() != null);

    // What is looked at in the very moment may be looked at once more.
    Instant settled = Instant.now().plusSeconds(2);
    Awaitility.await()
        .pollDelay(REST)
        .atMost(REST.multipliedBy(2))
        .until(() -> Instant.now().isAfter(settled.plus(REST)));

    List<Call> calls =
        cluster.auditLog().callsOf(namespace.platform().release().user(), settled).stream()
            .filter(call -> !call.isRead())
            .toList();
    assertThat(calls).filteredOn(call -> call.namespace().equals(namespace.name())).isEmpty();
    // The operator was alive all the time, and the log is being written.
    assertThat(calls).anyMatch(call -> call.resource().equals("leases"));
  }
}
