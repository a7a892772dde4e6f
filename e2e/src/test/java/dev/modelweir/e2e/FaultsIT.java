package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Leader;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.Processes;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.load.Load;
import dev.modelweir.e2e.servers.Downloads;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** The operator is killed, or loses the API server: nothing is lost, and serving goes on. */
@EndToEnd
@Order(10)
class FaultsIT {
  /** Without a farewell, others take over when the Lease of 15 s has run out. */
  private static final Duration TAKE_OVER = Duration.ofSeconds(40);

  private static final Duration HAND_OVER = Duration.ofSeconds(10);
  private static final Duration OUTAGE = Duration.ofSeconds(30);

  private final Platform platform;
  private final TestNamespace namespace;
  private final Leader leader;

  FaultsIT(Platform platform, TestNamespace namespace) {
    this.platform = platform;
    this.namespace = namespace;
    this.leader = new Leader(platform, platform.release());
  }

  @BeforeAll
  static void twoReplicas(Platform platform) {
    platform.release().apply("replicas=2");
  }

  @AfterAll
  static void oneReplica(Platform platform) {
    platform.release().apply();
  }

  @Test
  void killedAtTheStart(EmbeddedCluster cluster) {
    Pod pod = leader.pod();
    Processes.kill(pod);
    Isvc isvc = namespace.isvc("at-start").applyIris("v1");
    Await.until("it starts again", Isvc.PATIENCE, () -> Processes.javaOf(pod), p -> !p.isEmpty());
    Processes.kill(pod);

    serves(isvc);
  }

  @Test
  void killedDuringARollout(EmbeddedCluster cluster) {
    Isvc isvc = namespace.isvc("rolls").applyIris("v1");
    isvc.awaitSettled();
    Prediction first = isvc.predict(Prediction.REQUEST);
    try (Load load = Load.on(isvc)) {
      isvc.applyIris("v2");
      isvc.await(
          "starts to roll", status -> !Isvc.condition(status, "Ready").status().equals("True"));
      Processes.kill(leader.pod());

      isvc.awaitSettled();
      Prediction second = isvc.predict(Prediction.REQUEST);
      assertThat(second).isNotEqualTo(first);
      load.awaitMoreLike(second);
      assertThat(load.report().errors()).isEmpty();
    }
    Await.until(
        "only the pods of the new revision are left",
        Isvc.PATIENCE,
        () -> namespace.podsOf("rolls"),
        pods -> pods.size() == 1);
  }

  @Test
  void aKilledLeaderIsReplaced(EmbeddedCluster cluster, TestReporter reporter) {
    Pod killed = leader.pod();
    Instant when = Instant.now();
    Processes.kill(killed);
    platform.client().resource(killed).withGracePeriod(0).delete();

    leader.awaitOtherThan(killed, TAKE_OVER);
    reporter.publishEntry("replaced after", Duration.between(when, Instant.now()).toString());
    serves(namespace.isvc("after-kill").applyIris("v1"));
  }

  /** The Operator SDK's own election would deadlock here, until the kubelet kills the process. */
  @Test
  void aLeaderThatIsAskedToGoHandsOverAtOnce(TestReporter reporter) {
    awaitTwoReady();
    Pod asked = leader.pod();
    Instant when = Instant.now();
    platform.client().resource(asked).delete();

    leader.awaitOtherThan(asked, HAND_OVER);
    reporter.publishEntry("handed over after", Duration.between(when, Instant.now()).toString());
    Await.until(
        "the pod has ended by itself",
        HAND_OVER,
        () -> Optional.ofNullable(platform.client().resource(asked).get()),
        pod -> pod.map(other -> !uid(other).equals(uid(asked))).orElse(true));
    serves(namespace.isvc("after-hand-over").applyIris("v1"));
  }

  /** The model was stored while no operator ran, and the pod that told which it is was deleted. */
  @Test
  void aPublisherThatNobodyHeardRunsAgain(EmbeddedCluster cluster) throws Exception {
    namespace.claim(cluster, "unheard");
    try (Downloads downloads = Downloads.start(platform)) {
      namespace.secret("bucket", downloads.s3());
      downloads.bucket().stop();
      Training training =
          namespace
              .training("unheard")
              .apply(
                  Trainings.iris("--epochs", "1")
                      + Trainings.checkpoints("unheard", 60)
                      + Trainings.output("s3://models/trained", "unheard")
                      + "  credentialsSecretRef: {name: bucket}\n");
      training.awaitPhase(TrainingPhase.PUBLISHING);
      String published;
      scale(0);
      try {
        downloads.bucket().startAgain();
        Job done =
            Await.until(
                "the model is stored",
                Training.PATIENCE,
                () -> publisher("unheard"),
                job -> Objects.requireNonNullElse(job.getStatus().getSucceeded(), 0) == 1);
        published = done.getMetadata().getUid();
        namespace
            .client()
            .pods()
            .inNamespace(namespace.name())
            .withLabel("batch.kubernetes.io/job-name", done.getMetadata().getName())
            .delete();
      } finally {
        scale(2);
      }

      training.awaitSucceeded();
      assertThat(publisher("unheard").getMetadata().getUid()).isNotEqualTo(published);
      assertThat(namespace.model("unheard").madeBy(training).getSpec().storageUri())
          .startsWith("s3://models/trained/");
    }
  }

  private Job publisher(String training) {
    return namespace
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace.name())
        .withLabel("modelweir.dev/training-job", training)
        .withoutLabel("modelweir.dev/attempt")
        .list()
        .getItems()
        .getFirst();
  }

  /** As many operators as this run, and no other. */
  private void scale(int operators) {
    platform
        .kubectl()
        .with("--namespace", platform.release().namespace(), "scale", "--replicas=" + operators)
        .with("deployment/" + platform.release().operator())
        .output();
    Await.until(
        operators + " operators run",
        Isvc.PATIENCE,
        () -> platform.operatorPods(platform.release()),
        pods -> pods.size() == operators);
  }

  @Test
  void withoutTheApiServerModelsAreServed(EmbeddedCluster cluster) {
    Isvc isvc = namespace.isvc("outage").applyIris("v1");
    isvc.awaitSettled();
    try (Load load = Load.on(isvc)) {
      cluster.stopComponent("kube-apiserver");
      try {
        Awaitility.await()
            .during(OUTAGE)
            .atMost(OUTAGE.multipliedBy(2))
            .until(() -> !platform.kubectl().with("get", "--raw", "/readyz").run().ok());
      } finally {
        cluster.startComponent("kube-apiserver");
      }
      Await.until(
          "the API server is back",
          Isvc.PATIENCE,
          () -> platform.kubectl().with("get", "--raw", "/readyz").run(),
          result -> result.ok());

      load.awaitMoreLike(isvc.predict(Prediction.REQUEST));
      assertThat(load.report().errors()).isEmpty();
    }
    namespace.kubectl("scale", "isvc/outage", "--replicas=2").output();
    isvc.await("has two pods", status -> "2/2".equals(status.replicasSummary()));
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private static void serves(Isvc isvc) {
    isvc.awaitReady();
    assertThat(isvc.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);
  }

  private void awaitTwoReady() {
    Await.until(
        "two operators are ready",
        Isvc.PATIENCE,
        () -> platform.operatorPods(platform.release()),
        FaultsIT::twoAreReady);
  }

  private static boolean twoAreReady(List<Pod> pods) {
    return pods.stream()
            .flatMap(pod -> pod.getStatus().getConditions().stream())
            .filter(c -> c.getType().equals("Ready") && c.getStatus().equals("True"))
            .count()
        == 2;
  }
}
