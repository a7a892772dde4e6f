package dev.modelweir.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.GpuSeconds;
import dev.modelweir.api.v1alpha1.ModelVersionSpec;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Command;
import dev.modelweir.e2e.harness.ConcurrentTest;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.GhostNode;
import dev.modelweir.e2e.harness.Leader;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Processes;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.TrainingWatch;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.harness.TruthWatch;
import dev.modelweir.e2e.servers.Downloads;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
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

  /** Steps of one epoch, whose end is logged. */
  private static final long STEPS_PER_EPOCH = 4;

  private static final Pattern EPOCH = Pattern.compile("epoch (\\d+) of ");
  private static final Pattern STOPPED = Pattern.compile("stopped after step (\\d+)");

  @AutoClose private static Downloads downloads;
  @AutoClose private static TruthWatch truth;

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
    truth = new TruthWatch(namespace);
    Training training = namespace.training("undisturbed").apply(spec("0", 1));
    training.awaitSucceeded();
    undisturbed = digest(training);
  }

  @AfterAll
  static void nothingWasSaidThatWasNotSo() {
    truth.assertKept();
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
    try (TrainingWatch watch = new TrainingWatch(namespace.training("loses-process"))) {
      Training training = running("loses-process");

      Processes.kill(training.worker(0, 1));
      finishesAfter(training, new RestartCounts(1, 0, 0));
      hasAnEventForEachTransition(training, watch, Reason.PROGRAM_FAILED);
    }
  }

  @ConcurrentTest
  void rankZeroIsKilled() {
    Training training = running("loses-process-0");

    Pod pod = training.worker(0, 0);
    Processes.kill(pod);
    training.await("has failed", status -> requireNonNull(status.restarts()).application() == 1);
    long reached = reached(training.log(pod));
    finishesAfter(training, new RestartCounts(1, 0, 0));
    // One more is on its way while it is saved.
    assertThat(reached - resumed(training, 1)).isLessThanOrEqualTo(INTERVAL + 1);
  }

  @ConcurrentTest
  void theJobOfAnAttemptIsDeleted() {
    Training training = running("loses-job");

    var jobs = namespace.client().batch().v1().jobs().inNamespace(namespace.name());
    assertThat(jobs.withName("loses-job-0").delete()).isNotEmpty();
    finishesAfter(training, new RestartCounts(0, 1, 0));
  }

  /** It stays there, marked, until its pods are gone. */
  @ConcurrentTest
  void theJobOfAnAttemptIsDeletedInTheForeground() {
    Training training = running("loses-job-last");

    namespace
        .kubectl("delete", "job", "loses-job-last-0", "--cascade=foreground", "--wait=false")
        .output();
    finishesAfter(training, new RestartCounts(0, 1, 0));
  }

  /** Nor is a job deleted that has been evicted, as one that has finished is. */
  @ConcurrentTest
  void anEvictionLosesAtMostOneInterval() throws Exception {
    Training training = running("evicted", "ttlSecondsAfterFinished: 0\n");
    Pod pod = training.worker(0, 0);
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try (LogWatch watch = follow(pod, log)) {
      assertThat(evict(pod)).isTrue();
      TrainingJobStatus again =
          training.await(
              "runs again",
              status ->
                  status.phase() == TrainingPhase.RUNNING
                      && requireNonNull(status.attempt()).number() == 1);
      assertThat(again.restarts()).isEqualTo(new RestartCounts(0, 1, 0));
    }
    training.keepWhenFinished(3600);
    finishesAfter(training, new RestartCounts(0, 1, 0));
    assertThat(reached(log.toString(UTF_8)) - resumed(training, 1)).isLessThanOrEqualTo(INTERVAL);
  }

  /** Reads a log until its end. The kubelet, which another test kills, may not have it at first. */
  private LogWatch follow(Pod pod, ByteArrayOutputStream log) throws InterruptedException {
    long end = System.nanoTime() + Training.PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      log.reset();
      LogWatch watch = namespace.client().pods().resource(pod).inContainer("train").watchLog(log);
      for (int i = 0; i < 50 && reached(log.toString(UTF_8)) == 0; i++) {
        Thread.sleep(200);
      }
      if (reached(log.toString(UTF_8)) > 0) {
        return watch;
      }
      watch.close();
    }
    throw new AssertionError("the log cannot be read: " + log.toString(UTF_8));
  }

  /** The step that worker 0 had come to, as far as it says. */
  private static long reached(String log) {
    long epochs =
        EPOCH
            .matcher(log)
            .results()
            .mapToLong(line -> Long.parseLong(line.group(1)))
            .max()
            .orElse(0);
    return Math.max(epochs * STEPS_PER_EPOCH, number(STOPPED, log));
  }

  private static long resumed(Training training, int attempt) {
    return number(RESUMED, training.log(training.worker(attempt, 0)));
  }

  /** What a line of the log says; 0 when there is none. */
  private static long number(Pattern line, String log) {
    Matcher found = line.matcher(log);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  @ConcurrentTest
  void theNewestCheckpointIsDamaged() throws Exception {
    Training training = running("damaged");
    long first = training.checkpoint(claim);
    Await.until(
        "there is another checkpoint",
        Training.PATIENCE,
        () -> training.checkpoint(claim),
        step -> step > first);
    Processes.kill(training.worker(0, 0));
    training.await("has failed", status -> requireNonNull(status.restarts()).application() == 1);
    long newest = training.checkpoint(claim);
    Files.writeString(
        training.checkpoints(claim).resolve("step-%d/state".formatted(newest)), "no state");

    finishesAfter(training, new RestartCounts(1, 0, 0));
    assertThat(training.log(training.worker(1, 0)))
        .contains("step-%d cannot be used".formatted(newest));
    assertThat(resumed(training, 1)).isBetween(first, newest - 1);
  }

  @ConcurrentTest
  void beginsAgainWhenItIsNotToResume() {
    Training training =
        namespace
            .training("forgets")
            .apply(
                Trainings.iris(
                        "--epochs",
                        "60",
                        "--min-step-millis",
                        "20",
                        "--fail-first-attempt-at",
                        "200")
                    + Trainings.keeping(CLAIM, "same")
                        .replace("checkpoint:\n", "checkpoint:\n  resume: Never\n"));

    TrainingJobStatus done = training.awaitSucceeded();
    assertThat(done.restarts()).isEqualTo(new RestartCounts(1, 0, 0));
    assertThat(digest(training)).isEqualTo(undisturbed);
    assertThat(requireNonNull(requireNonNull(done.checkpoint()).step())).isPositive();
    assertThat(resumed(training, 1)).as("step from which it went on").isZero();
  }

  /** Nothing but SIGTERM makes it save. */
  @ConcurrentTest
  void suspendedAndResumed() {
    Training training = namespace.training("rests");
    try (TrainingWatch watch = new TrainingWatch(training)) {
      training.apply(
          trainer(STEP_MILLIS)
              + "  accelerator: {vendor: NVIDIA, count: 1}\n"
              + "workers: 3\n"
              + Trainings.checkpoints(CLAIM, 3600)
              + Trainings.output("pvc://" + CLAIM + "/models", "same"));
      training.await(
          "has taken some steps",
          status ->
              status.progress() != null && requireNonNull(status.progress().step()) > 4 * INTERVAL);
      assertThat(training.checkpoint(claim)).isZero();
      training.suspend(true);
      TrainingJobStatus resting = training.awaitPhase(TrainingPhase.SUSPENDED);
      assertThat(requireNonNull(resting.workers()).active()).isZero();
      assertThat(training.pods()).allMatch(pod -> !pod.getStatus().getPhase().equals("Running"));
      long saved = training.checkpoint(claim);
      assertThat(saved).isGreaterThan(4 * INTERVAL);
      assertThat(requireNonNull(resting.checkpoint()).step()).isEqualTo(saved);
      GpuSeconds cost = requireNonNull(resting.gpuSeconds());
      assertThat(cost.lost()).as("of %s", cost).isLessThan(cost.allocated() / 2);
      training.suspend(false);
      finishesAfter(training, new RestartCounts(0, 0, 0));
      assertThat(resumed(training, 1)).isEqualTo(saved);
      assertThat(watch.wronglySuspended()).isEmpty();
      assertThat(watch.phases()).contains(TrainingPhase.CHECKPOINTING);
      hasAnEventForEachTransition(training, watch, Reason.SUSPENDED);
    }
  }

  private static void hasAnEventForEachTransition(
      Training training, TrainingWatch watch, Reason amongThem) {
    assertThat(training.eventReasons())
        .contains(amongThem.word())
        .containsExactlyElementsOf(watch.transitions());
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

  /** What has been saved on another node is not lost with this one. */
  @ConcurrentTest
  void theNodeOfAWorkerIsGone(Platform platform) {
    String real = platform.client().nodes().list().getItems().getFirst().getMetadata().getName();
    String pool = "ghost-of-" + namespace.name();
    Command label = platform.kubectl().with("label", "node", real);
    label.with("--overwrite", "%s=%s".formatted(GhostNode.POOL, pool)).output();
    Training training =
        namespace
            .training("loses-node")
            .apply(
                trainer(STEP_MILLIS)
                    + """
                      podTemplate:
                        nodeSelector: {%s: %s}
                        tolerations: [{key: e2e-ghost, operator: Exists}]
                    """
                        .formatted(GhostNode.POOL, pool)
                    + Trainings.keeping(CLAIM, "same"));
    training.awaitPhase(TrainingPhase.RUNNING);
    training.awaitCheckpoint(claim);
    training.suspend(true);
    training.awaitPhase(TrainingPhase.SUSPENDED);
    long saved = training.checkpoint(claim);
    label.with(GhostNode.POOL + "-").output();
    try (GhostNode ghost = GhostNode.create(platform, pool, "e2e-ghost", Map.of(), Map.of())) {
      training.suspend(false);
      Pod worker =
          Await.until(
              "the worker is on the node",
              Training.PATIENCE,
              () -> training.worker(1, 0),
              pod -> pool.equals(pod.getSpec().getNodeName()));
      GhostNode.run(namespace.client(), worker);
      training.awaitPhase(TrainingPhase.RUNNING);

      ghost.delete();
      training.await(
          "has been disrupted", status -> new RestartCounts(0, 1, 0).equals(status.restarts()));
      label.with("%s=%s".formatted(GhostNode.POOL, pool)).output();
      finishesAfter(training, new RestartCounts(0, 1, 0));
      assertThat(resumed(training, 2)).isEqualTo(saved);
    } finally {
      label.with(GhostNode.POOL + "-").output();
    }
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
    assertThat(Downloads.digest(downloads.bucket().file(version.storageUri() + "model.onnx")))
        .isEqualTo(undisturbed);
    namespace
        .isvc("from-bucket")
        .apply(
            "model: {format: ONNX, versionRef: {name: %s}}\n"
                .formatted(requireNonNull(training.status().modelVersion())))
        .awaitReady();
  }

  private static Pod publisher(Training training) {
    return training.podsOfAllKinds().stream()
        .filter(pod -> !pod.getMetadata().getLabels().containsKey("modelweir.dev/attempt"))
        .findFirst()
        .orElseThrow();
  }

  private Training running(String name) {
    return running(name, "");
  }

  private Training running(String name, String more) {
    Training training = namespace.training(name).apply(spec(STEP_MILLIS, 3) + more);
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
    int last = requireNonNull(requireNonNull(done.attempt()).number());
    if (last > 0) {
      assertThat(resumed(training, last)).as("step from which it went on").isPositive();
    }
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
