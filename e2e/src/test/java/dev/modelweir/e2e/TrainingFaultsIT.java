package dev.modelweir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.ModelVersionSpec;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.ConcurrentTest;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Leader;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Processes;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.TrainingWatch;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.servers.Downloads;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Whatever dies while a model is trained, it is the model of an undisturbed training in the end.
 */
@EndToEnd
@Order(12)
class TrainingFaultsIT {
  private static final String CLAIM = "training";
  private static final Pattern RESUMED = Pattern.compile("going on from step (\\d+)");
  private static final String STEP_MILLIS = "100";

  /** Steps between two checkpoints: 2 s at {@value #STEP_MILLIS} ms each. */
  private static final long INTERVAL = 20;

  @AutoClose private static Downloads downloads;

  private static Path claim;
  private static String undisturbed;

  private final TestNamespace namespace;

  TrainingFaultsIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  static void trainUndisturbed(Platform platform, EmbeddedCluster cluster, TestNamespace namespace)
      throws Exception {
    downloads = Downloads.start(platform);
    claim = namespace.claim(cluster, CLAIM);
    Training training = namespace.training("undisturbed").apply(spec("0", 1));
    training.awaitSucceeded();
    undisturbed = digest(training);
  }

  @ConcurrentTest
  void aWorkerIsDeleted() {
    Training training = running("loses-worker");

    delete(training.worker(0, 2));
    finishesAfter(training, new RestartCounts(0, 1, 0));
  }

  @ConcurrentTest
  void rankZeroIsDeleted() {
    Training training = running("loses-rank-0");

    delete(training.worker(0, 0));
    finishesAfter(training, new RestartCounts(0, 1, 0));
  }

  @ConcurrentTest
  void aWorkerIsKilled() {
    Training training = running("loses-process");

    Processes.kill(training.worker(0, 1));
    finishesAfter(training, new RestartCounts(1, 0, 0));
  }

  @ConcurrentTest
  void anEvictionLosesAtMostOneInterval() {
    Training training = running("evicted");
    long before = training.checkpoint(claim);

    assertThat(evict(training.worker(0, 0))).isTrue();
    TrainingJobStatus again =
        training.await(
            "runs again",
            status ->
                status.phase() == TrainingPhase.RUNNING
                    && requireNonNull(status.attempt()).number() == 1);
    assertThat(again.restarts()).isEqualTo(new RestartCounts(0, 1, 0));
    Matcher resumed =
        Await.until(
            "worker 0 says where it goes on from",
            Training.PATIENCE,
            () -> RESUMED.matcher(training.log(training.worker(1, 0))),
            Matcher::find);
    assertThat(Long.parseLong(resumed.group(1))).isGreaterThanOrEqualTo(before);
    finishesAfter(training, new RestartCounts(0, 1, 0));
  }

  @ConcurrentTest
  void suspendedAndResumed() {
    Training training = running("rests");
    training.suspend(true);
    TrainingJobStatus resting = training.awaitPhase(TrainingPhase.SUSPENDED);
    assertThat(requireNonNull(resting.workers()).active()).isZero();
    assertThat(training.pods()).allMatch(pod -> !pod.getStatus().getPhase().equals("Running"));
    long saved = training.checkpoint(claim);
    try (TrainingWatch watch = new TrainingWatch(training)) {
      training.suspend(false);
      training.await("runs again", status -> status.phase() == TrainingPhase.RUNNING);
      Matcher resumed =
          Await.until(
              "worker 0 says where it goes on from",
              Training.PATIENCE,
              () -> RESUMED.matcher(training.log(training.worker(1, 0))),
              Matcher::find);
      assertThat(Long.parseLong(resumed.group(1))).isEqualTo(saved);
      finishesAfter(training, new RestartCounts(0, 0, 0));
      assertThat(watch.wronglySuspended()).isEmpty();
    }
  }

  @Test
  void theOperatorIsKilled(Platform platform, EmbeddedCluster cluster) {
    Leader leader = new Leader(platform, platform.release());
    Training training = namespace.training("survives").apply(spec(STEP_MILLIS, 3));
    Processes.kill(leader.pod());
    training.awaitPhase(TrainingPhase.RUNNING);
    training.awaitCheckpoint(claim);
    Pod pod = leader.pod();
    Processes.kill(pod);
    delete(training.worker(0, 1));
    Await.until(
        "it starts again", Training.PATIENCE, () -> Processes.javaOf(pod), p -> !p.isEmpty());
    training.await(
        "has seen the end of attempt 0", status -> requireNonNull(status.restartsTotal()) > 0);
    Processes.kill(pod);

    finishesAfter(training, new RestartCounts(0, 1, 0));
  }

  @Test
  void theKubeletIsAwayForAWhile(EmbeddedCluster cluster) {
    Training training = running("without-kubelet");
    cluster.stopComponent("kubelet");
    try {
      long step = training.checkpoint(claim);
      Await.until(
          "the workers go on without the kubelet",
          Training.PATIENCE,
          () -> training.checkpoint(claim),
          now -> now > step + INTERVAL / 2);
    } finally {
      cluster.startComponent("kubelet");
    }

    finishesAfter(training, new RestartCounts(0, 0, 0));
  }

  /** What happened while it was dead the kubelet learns when it is back. */
  @Test
  void theKubeletIsKilledAndAWorkerDiesMeanwhile(EmbeddedCluster cluster) {
    Training training = running("kubelet-killed");
    cluster.kill("kubelet");
    Processes.kill(training.worker(0, 1));

    finishesAfter(training, new RestartCounts(1, 0, 0));
  }

  /** The model waits on the claim for as long as nobody takes it. */
  @ConcurrentTest
  void theBucketIsAwayAndThePublisherIsKilled() throws Exception {
    namespace.secret("bucket", downloads.s3());
    downloads.bucket().stop();
    Training training =
        namespace
            .training("stores")
            .apply(
                trainer("0")
                    + Trainings.checkpoints(CLAIM, 2)
                    + Trainings.output("s3://models/trained", "stored")
                    + "  credentialsSecretRef: {name: bucket}\n");
    try {
      training.awaitPhase(TrainingPhase.PUBLISHING);
      Processes.kill(
          Await.until(
              "the publisher runs",
              Training.PATIENCE,
              () -> publisher(training),
              pod -> !Processes.javaOf(pod).isEmpty()));
      assertThat(training.status().phase()).isEqualTo(TrainingPhase.PUBLISHING);
    } finally {
      downloads.bucket().startAgain();
    }

    assertThat(training.awaitSucceeded().restarts()).isEqualTo(new RestartCounts(0, 0, 0));
    ModelVersionSpec version = namespace.model("stored").madeBy(training).getSpec();
    assertThat(version.digest()).isEqualTo(undisturbed);
    assertThat(Downloads.digest(downloads.bucket().file(version.storageUri())))
        .isEqualTo(undisturbed);
  }

  private static Pod publisher(Training training) {
    return training.podsOfAllKinds().stream()
        .filter(pod -> !pod.getMetadata().getLabels().containsKey("modelweir.dev/attempt"))
        .findFirst()
        .orElseThrow();
  }

  private Training running(String name) {
    Training training = namespace.training(name).apply(spec(STEP_MILLIS, 3));
    training.awaitPhase(TrainingPhase.RUNNING);
    training.awaitCheckpoint(claim);
    return training;
  }

  private static String spec(String stepMillis, int workers) {
    return trainer(stepMillis)
        + "workers: %d\n".formatted(workers)
        + Trainings.keeping(CLAIM, "same");
  }

  private static String trainer(String stepMillis) {
    return Trainings.iris("--epochs", "60", "--min-step-millis", stepMillis);
  }

  private void finishesAfter(Training training, RestartCounts restarts) {
    TrainingJobStatus done = training.awaitSucceeded();
    assertThat(done.restarts()).isEqualTo(restarts);
    assertThat(digest(training)).isEqualTo(undisturbed);
  }

  private static String digest(Training training) {
    return training.namespace().model("same").madeBy(training).getSpec().digest();
  }

  private void delete(Pod pod) {
    namespace.client().resource(pod).delete();
  }

  private boolean evict(Pod pod) {
    return namespace.client().pods().resource(pod).evict();
  }
}
