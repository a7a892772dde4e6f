package dev.modelweir.operator.inferenceservice;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.ApiServer.Request;
import dev.modelweir.operator.testing.Iris;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole control loop against an API server in this process. */
class ReconcilerTest {

  private final ApiServer api = new ApiServer();
  private final Iris iris = Iris.on(api);
  private RunningOperator operator = RunningOperator.start(api.operator());

  @AfterEach
  void stop() {
    operator.close();
    api.close();
  }

  @Test
  void makesWhatTheServiceNeedsAndSaysThatItStarts() {
    iris.serve("v1", 2);
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/Starting"));
    assertThat(iris.status().orElseThrow().observedGeneration()).isEqualTo(1);
    assertThat(children())
        .extracting(HasMetadata::getKind)
        .containsExactlyInAnyOrder(
            "Deployment", "Service", "ServiceAccount", "NetworkPolicy", "PodDisruptionBudget");
    String uid = iris.resource().get().getMetadata().getUid();
    assertThat(children())
        .allMatch(child -> child.getOwnerReferenceFor(uid).orElseThrow().getController());
    assertThat(iris.answering()).isEqualTo(iris.onlyDeployment());
    assertThat(iris.events()).containsExactly("Normal Starting 1");
  }

  @Test
  void isReadyOnceThePodsAre() {
    String revision = iris.becomeReady("v1");
    assertThat(iris.status().orElseThrow().replicasSummary()).isEqualTo("1/1");
    assertThat(iris.status().orElseThrow().trafficSummary()).isEqualTo(revision + "=100");
    assertThat(iris.events()).contains("Normal Ready 1");
  }

  @Test
  void movesRequestsToANewRevisionWhenItIsReadyAndOnlyThenDeletesTheOld() {
    String old = iris.becomeReady("v1");
    iris.serve("v2", 1);
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/RollingOut"));
    assertThat(iris.answering()).isEqualTo(old);
    assertThat(iris.deployments()).hasSize(2);

    String revision = iris.deployments().getLast().getMetadata().getName();
    iris.pods(revision, 1, 1);
    eventually(() -> assertThat(iris.onlyDeployment()).isEqualTo(revision));
    assertThat(iris.answering()).isEqualTo(revision);
    eventually(() -> assertThat(iris.ready()).isEqualTo("True/Ready"));
    assertThat(iris.status().orElseThrow().observedGeneration()).isEqualTo(2);

    List<String> writes = api.writesOfOperator().stream().map(Request::toString).toList();
    assertThat(last(writes, "/services/iris"))
        .as("requests move before the pods go")
        .isLessThan(last(writes, "DELETE"));
  }

  @Test
  void writesNothingAtRest() {
    String revision = iris.becomeReady("v1");
    int writes = api.writesOfOperator().size();
    for (int i = 0; i < 5; i++) {
      long before = operator.reconciles();
      iris.touch(revision);
      eventually(() -> assertThat(operator.reconciles()).isGreaterThan(before));
    }
    assertThat(api.writesOfOperator()).hasSize(writes);
    eventually(() -> assertThat(operator.gauge("modelweir.reconcile.active")).isZero());
    assertThat(operator.gauge("modelweir.reconcile.queue")).isZero();
  }

  @Test
  void aRestartWritesNothing() {
    iris.becomeReady("v1");
    operator.close();
    int writes = api.writesOfOperator().size();
    operator = RunningOperator.start(api.operator());
    eventually(() -> assertThat(operator.reconciles()).isPositive());
    assertThat(api.writesOfOperator()).hasSize(writes);
  }

  @Test
  void correctsWhatSomebodyElseChanges() {
    String revision = iris.becomeReady("v1");
    iris.deployment(revision)
        .edit(old -> new DeploymentBuilder(old).editSpec().withReplicas(5).endSpec().build());
    eventually(() -> assertThat(iris.replicas(revision)).isEqualTo(1));
    api.user().resource(iris.service()).delete();
    eventually(() -> assertThat(iris.answering()).isEqualTo(revision));
  }

  @Test
  void scalesToZeroAndBack() {
    String revision = iris.becomeReady("v1");
    iris.serve("v1", 0);
    eventually(() -> assertThat(iris.replicas(revision)).isZero());
    iris.pods(revision, 0, 0);
    eventually(() -> assertThat(iris.ready()).isEqualTo("True/ScaledToZero"));
    iris.serve("v1", 3);
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/Starting"));
    iris.pods(revision, 3, 3);
    eventually(() -> assertThat(iris.ready()).isEqualTo("True/Ready"));
  }

  private List<HasMetadata> children() {
    var client = api.user();
    List<HasMetadata> all = new ArrayList<>(iris.deployments());
    all.addAll(client.services().list().getItems());
    all.addAll(client.serviceAccounts().list().getItems());
    all.addAll(client.network().v1().networkPolicies().list().getItems());
    all.addAll(client.policy().v1().podDisruptionBudget().list().getItems());
    return all;
  }

  private static int last(List<String> writes, String part) {
    return writes.lastIndexOf(
        writes.stream().filter(write -> write.contains(part)).reduce("", (a, b) -> b));
  }
}
