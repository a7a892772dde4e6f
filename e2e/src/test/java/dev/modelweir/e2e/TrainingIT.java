package dev.modelweir.e2e;

import static dev.modelweir.e2e.harness.Training.condition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.InputStatus;
import dev.modelweir.api.v1alpha1.Lineage;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.ModelVersionSpec;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.ConcurrentTest;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.ImageTool;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.RegisteredModel;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.TrainingWatch;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.harness.TruthWatch;
import dev.modelweir.e2e.servers.Downloads;
import dev.modelweir.e2e.trainers.TalkativeTrainer;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;

/** From data to a version that can be served, told truly all the way. */
@EndToEnd
@Order(11)
class TrainingIT {
  private static final String CLAIM = "training";

  private static final ObjectMapper JSON = new ObjectMapper();

  @AutoClose private static Downloads downloads;
  @AutoClose private static TruthWatch truth;

  private static Path claim;

  private final TestNamespace namespace;

  TrainingIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  static void storage(Platform platform, EmbeddedCluster cluster, TestNamespace namespace)
      throws Exception {
    downloads = Downloads.start(platform);
    claim = namespace.claim(cluster, CLAIM);
    truth = new TruthWatch(namespace);
  }

  @AfterAll
  static void nothingWasSaidThatWasNotSo() {
    truth.assertKept();
  }

  @ConcurrentTest
  void aTrainingTellsWhereItIsUntilItsModelIsRegistered() throws IOException {
    Training training = namespace.training("alone");
    try (TrainingWatch watch = new TrainingWatch(training)) {
      training.apply(
          Trainings.iris("--min-step-millis", "100")
              + Trainings.keeping(CLAIM, "alone")
              + "gitRevision: 9fceb02\n");
      TrainingJobStatus running = training.awaitPhase(TrainingPhase.RUNNING);
      assertThat(condition(running, "Running").status()).isEqualTo("True");
      assertThat(condition(running, "Succeeded").status()).isEqualTo("Unknown");
      assertThat(training.shown().getFirst().split(" +"))
          .containsExactly(
              "NAME", "PHASE", "PROGRESS", "WORKERS", "GPUS", "QUEUE", "RESTARTS", "MODEL", "AGE");
      assertThat(training.shown().getLast()).matches("alone +Running .* 1/1 .*");

      training.await("reports progress", status -> percent(status) > 0);
      assertThat(training.shown().getLast()).matches("alone +Running +[0-9]+% .*");

      namespace.kubectl("wait", "tj/alone", "--for=condition=Succeeded", "--timeout=120s").output();
      TrainingJobStatus done = training.awaitSucceeded();
      assertThat(training.shown().getLast())
          .matches("alone +Succeeded +100% +1/1 .* alone-[0-9a-f]{10} .*");
      assertThat(training.shown()).allMatch(line -> line.length() <= 100);
      assertThat(done.restartsTotal()).isZero();
      assertThat(requireNonNull(done.checkpoint()).step()).isEqualTo(160);
      assertThat(condition(done, "Reconciling").status()).isEqualTo("False");
      assertThat(condition(done, "Stalled").status()).isEqualTo("False");
      assertThat(watch.phases())
          .containsSubsequence(
              TrainingPhase.QUEUED,
              TrainingPhase.STARTING,
              TrainingPhase.RUNNING,
              TrainingPhase.PUBLISHING,
              TrainingPhase.SUCCEEDED)
          .doesNotContain(
              TrainingPhase.RESTARTING, TrainingPhase.SUSPENDED, TrainingPhase.CHECKPOINTING);
      assertThat(training.eventReasons())
          .containsExactlyElementsOf(watch.transitions())
          .endsWith("Publishing", "Published", "Succeeded");
    }
    ModelVersionSpec version = namespace.model("alone").madeBy(training).getSpec();
    assertThat(requireNonNull(version.signature()).inputs())
        .anyMatch(input -> input.name().equals("input") && input.datatype().equals("FP32"));
    assertThat(version.metrics()).anyMatch(metric -> metric.name().equals("accuracy"));
    Lineage lineage = requireNonNull(version.lineage());
    assertThat(requireNonNull(lineage.trainingJob()).name()).isEqualTo("alone");
    assertThat(lineage.gitRevision()).isEqualTo("9fceb02");
    assertThat(version.storageUri())
        .isEqualTo(
            "pvc://training/models/alone/%s/model.onnx"
                .formatted(version.digest().replace(':', '-')));
    Path stored = claim.resolve(version.storageUri().replace("pvc://training/", "")).getParent();
    JsonNode reference = JSON.readTree(stored.resolve("reference.json").toFile());
    assertThat(reference.path("rows").asInt()).as("rows held out").isEqualTo(30);
    assertThat(reference.path("columns"))
        .hasSize(4)
        .allMatch(
            column -> column.path("count").asInt() == 30 && column.path("variance").asDouble() > 0);
    Isvc isvc =
        namespace
            .isvc("serves-alone")
            .apply(
                "model: {format: ONNX, versionRef: {name: %s}}\n"
                    .formatted(training.status().modelVersion()));
    isvc.awaitReady();
    assertThat(isvc.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);
  }

  private static int percent(TrainingJobStatus status) {
    TrainingProgress progress = status.progress();
    return progress == null || progress.percent() == null ? 0 : progress.percent();
  }

  /** A gang that runs is complete, at every moment that the status speaks of. */
  @ConcurrentTest
  void threeWorkersMakeTheModelThatOneMakes() {
    Training one =
        namespace
            .training("one")
            .apply(Trainings.iris("--seed", "3") + Trainings.keeping(CLAIM, "same"));
    Training three = namespace.training("three");
    try (TrainingWatch watch = new TrainingWatch(three)) {
      three.apply(
          Trainings.iris("--seed", "3", "--min-step-millis", "40")
              + "workers: 3\n"
              + Trainings.keeping(CLAIM, "same"));
      three.awaitSucceeded();
      assertThat(watch.statuses())
          .filteredOn(status -> status.phase() == TrainingPhase.RUNNING)
          .isNotEmpty()
          .allMatch(status -> status.attempt() != null && status.attempt().startedAt() != null);
    }
    one.awaitSucceeded();

    assertThat(three.status().modelVersion()).isEqualTo(one.status().modelVersion());
    assertThat(three.checkpoint(claim)).isEqualTo(160);
  }

  @ConcurrentTest
  void inputsComeFromImagesClaimsAndDownloads() throws Exception {
    namespace.secret("s3", downloads.s3());
    namespace.secret("web", downloads.bearer());
    Path kept = Files.createDirectories(claim.resolve("kept")).resolve("labels.csv");
    Files.writeString(kept, "setosa,versicolor,virginica\n");
    Training training =
        namespace
            .training("fed")
            .apply(
                Trainings.trainer("/mnt/modelweir/inputs/flowers", "--epochs", "1")
                    + Trainings.keeping(CLAIM, "fed")
                    + """
                    inputs:
                      - name: flowers
                        uri: oci://registry.modelweir.dev/examples/iris-data:v1
                        version: "1"
                      - name: kept
                        uri: pvc://training
                      - name: checked
                        uri: pvc://training/kept
                        digest: %s
                      - name: loaded
                        uri: %s
                        credentialsSecretRef: {name: web}
                      - name: sent
                        uri: s3://models/iris/model.onnx
                        credentialsSecretRef: {name: s3}
                    """
                        .formatted(
                            Downloads.digest(kept), downloads.https("bearer", "model.onnx")));

    TrainingJobStatus status = training.awaitSucceeded();
    String model = Downloads.digest(Checkout.irisModel("v1"));
    assertThat(status.inputs())
        .extracting(InputStatus::name, InputStatus::digest)
        .containsExactly(
            tuple("flowers", Downloads.digest(Checkout.irisData())),
            tuple("kept", null),
            tuple("checked", Downloads.digest(kept)),
            tuple("loaded", model),
            tuple("sent", model));
    Lineage lineage = requireNonNull(namespace.model("fed").madeBy(training).getSpec().lineage());
    assertThat(lineage.inputs()).isEqualTo(status.inputs());
    assertThat(requireNonNull(status.inputs()).getFirst())
        .extracting(InputStatus::uri, InputStatus::version)
        .containsExactly("oci://registry.modelweir.dev/examples/iris-data:v1", "1");
    assertThat(requireNonNull(lineage.trainingJob()).uid())
        .isEqualTo(training.get().getMetadata().getUid());
    assertThat(lineage.image()).isEqualTo(imageOf(training.worker(0, 0)));
  }

  /**
   * Whoever pulled the tag would get the other image; it is always pulled, because it is latest.
   */
  @ConcurrentTest
  void aTagThatMovesDoesNotChangeTheImage(Platform platform, @TempDir Path folder) {
    String name = platform.registry() + "/moving/trainer:latest";
    List<Path> images = List.of(folder.resolve("first.tar"), folder.resolve("second.tar"));
    images.forEach(image -> ImageTool.buildTrainer(name, image.getFileName().toString(), image));
    ImageTool.push(images.getFirst(), name);
    Training training =
        namespace
            .training("tagged")
            .apply(
                Trainings.withImage(
                    name,
                    Trainings.iris("--min-step-millis", "100", "--fail-first-attempt-at", "30")));
    String digest = "@" + ImageTool.digest(images.getFirst());
    training.await(
        "knows its image", status -> status.image() != null && status.image().endsWith(digest));
    ImageTool.push(images.getLast(), name);

    TrainingJobStatus done = training.awaitSucceeded();
    assertThat(done.restarts()).isEqualTo(new RestartCounts(1, 0, 0));
    assertThat(imageOf(training.worker(1, 0))).endsWith(digest);
    assertThat(done.image()).endsWith(digest);
  }

  /** As the kubelet resolved it; one that was loaded by hand has no digest to be pulled by. */
  private static String imageOf(Pod worker) {
    ContainerStatus status = worker.getStatus().getContainerStatuses().getFirst();
    return status.getImageID().contains("@sha256:")
        ? status.getImageID()
        : worker.getSpec().getContainers().getFirst().getImage();
  }

  /** It reports twenty times a second, and once for another job. */
  @ConcurrentTest
  void reportsCostLittleAndAreTakenForTheOwnJobOnly(EmbeddedCluster cluster) {
    Training other = namespace.training("others").apply(Trainings.iris() + "suspend: true\n");
    other.awaitPhase(TrainingPhase.SUSPENDED);
    Training training =
        namespace
            .training("talks")
            .apply(Trainings.program(namespace, TalkativeTrainer.class, other.name()));
    TrainingJobStatus status =
        training.await(
            "reports",
            seen -> condition(seen, "ProgressStalled").status().equals("False") && step(seen) > 0);
    Instant since = Instant.now();
    long first = step(status);
    training.await("has sent 600 reports more", seen -> step(seen) >= first + 600);
    long seconds = Duration.between(since, Instant.now()).toSeconds();

    assertThat(
            cluster.auditLog().callsOf(namespace.platform().release().user(), since).stream()
                .filter(call -> call.namespace().equals(namespace.name()))
                .filter(call -> call.name().equals(training.name()))
                .filter(call -> call.resource().equals("trainingjobs/status") && !call.isRead()))
        .as("writes of the status in %d s", seconds)
        .hasSizeBetween(2, (int) (1 + seconds / 5));
    assertThat(training.log(training.worker(0, 0))).contains("for others: 403\n");
    assertThat(other.status().progress()).isNull();
    training.delete();
  }

  private static long step(TrainingJobStatus status) {
    TrainingProgress progress = status.progress();
    return progress == null || progress.step() == null ? 0 : progress.step();
  }

  /** Every step takes a minute, after which it is reported. */
  @ConcurrentTest
  void silenceIsCalledSo() {
    Training training =
        namespace
            .training("silent")
            .apply(Trainings.iris("--min-step-millis", "60000") + "progressDeadlineSeconds: 10\n");

    TrainingJobStatus status =
        training.await(
            "is called stalled",
            seen -> condition(seen, "ProgressStalled").status().equals("True"));
    assertThat(condition(status, "ProgressStalled").reason()).isEqualTo(Reason.NO_PROGRESS.word());
    assertThat(condition(status, "Running").status()).isEqualTo("True");
    assertThat(training.eventReasons()).contains(Reason.NO_PROGRESS.word());
    training.delete();
  }

  @ConcurrentTest
  void aVersionThatDoesNotPassItsGateIsKeptAndNotPromoted() {
    RegisteredModel model = namespace.model("gated");
    Training good = namespace.training("good").apply(gated("0.5", "1"));
    good.awaitSucceeded();
    String champion = requireNonNull(good.status().modelVersion());
    model.awaitAlias("champion", champion);

    Training bad = namespace.training("bad").apply(gated("0.9999", "2"));
    bad.awaitSucceeded();
    String refused = requireNonNull(bad.status().modelVersion());
    assertThat(refused).isNotEqualTo(champion);
    RegisteredModelStatus status =
        model.await("knows the newest version", seen -> refused.equals(seen.latestVersion()));
    ModelAlias alias = RegisteredModel.alias(status, "champion").orElseThrow();
    assertThat(alias.version()).isEqualTo(champion);
    assertThat(alias.message()).contains(refused, "must be at least 0.9999");

    // The same bytes, of which another training asks less.
    Training lenient = namespace.training("lenient").apply(gated("0.5", "2"));
    lenient.awaitSucceeded();
    String again = requireNonNull(lenient.status().modelVersion());
    assertThat(again).isNotEqualTo(refused);
    assertThat(model.madeBy(lenient).getSpec().digest())
        .isEqualTo(model.madeBy(bad).getSpec().digest());
    model.awaitAlias("champion", again);

    // A person may decide otherwise, for as long as it is written down.
    model.apply("aliases: {champion: %s}\n".formatted(refused));
    model.awaitAlias("champion", refused);
  }

  private static String gated(String atLeast, String seed) {
    return Trainings.iris("--seed", seed, "--epochs", "20")
        + Trainings.output("pvc://training/gated", "gated")
        + """
          alias: champion
          metricsGate: [{metric: accuracy, atLeast: "%s"}]
        """
            .formatted(atLeast);
  }

  @ConcurrentTest
  void aFinishedJobGoesAfterItsTimeToLive() {
    Training training =
        namespace
            .training("short-lived")
            .apply(
                Trainings.iris("--epochs", "1")
                    + Trainings.keeping(CLAIM, "kept")
                    + "ttlSecondsAfterFinished: 5\n");
    training.awaitSucceeded();
    String version = requireNonNull(training.status().modelVersion());

    Await.until(
        "tj short-lived is gone", Training.PATIENCE, () -> training.find().isEmpty(), gone -> gone);
    assertThat(namespace.model("kept").find(version)).isPresent();
  }

  @ConcurrentTest
  void aFailedJobGoesAfterItsTimeToLive() {
    Training training =
        namespace
            .training("fails")
            .apply(
                Trainings.iris("--epochs", "many")
                    + "retries: {application: 0}\nttlSecondsAfterFinished: 0\n");

    Await.until(
        "tj fails is gone", Training.PATIENCE, () -> training.find().isEmpty(), gone -> gone);
    assertThat(training.eventReasons()).endsWith(Reason.RETRIES_EXHAUSTED.word());
  }

  @ConcurrentTest
  void deletionLeavesNothingBehindButTheModel() {
    Training training =
        namespace
            .training("leaves")
            .apply(
                Trainings.iris("--min-step-millis", "100", "--epochs", "1000")
                    + "workers: 2\n"
                    + Trainings.keeping(CLAIM, "leaves"));
    training.awaitPhase(TrainingPhase.RUNNING);

    training.delete();
    Await.until(
        "nothing of tj leaves is left",
        Training.PATIENCE,
        () ->
            namespace
                .kubectl("get", "jobs,pods,services,serviceaccounts,networkpolicies,configmaps")
                .with("-l", "modelweir.dev/training-job=leaves", "-o", "name")
                .output(),
        String::isBlank);
  }

  /** It rests for longer than it may run. */
  @ConcurrentTest
  void runningTimeIsBoundedAndRestDoesNotCount() {
    Training training = namespace.training("bounded");
    try (TrainingWatch watch = new TrainingWatch(training)) {
      training.apply(Trainings.iris("--min-step-millis", "100", "--epochs", "1000"));
      training.awaitPhase(TrainingPhase.RUNNING);
      training.suspend(true);
      TrainingJobStatus stopped = training.awaitPhase(TrainingPhase.SUSPENDED);
      long ran = Objects.requireNonNull(stopped.runningSeconds());
      // Set only now: how long the first attempt ran until it had stopped depends on the machine.
      Duration deadline = Duration.ofSeconds(ran + 6);
      training.boundRunning(deadline);
      Instant since = Instant.now();
      Await.until(
          "it has rested for long",
          deadline.multipliedBy(2),
          () -> Duration.between(since, Instant.now()),
          rest -> rest.compareTo(deadline) > 0);
      assertThat(training.status().phase()).isEqualTo(TrainingPhase.SUSPENDED);
      training.suspend(false);

      TrainingJobStatus status =
          training.await("has failed", seen -> seen.phase() == TrainingPhase.FAILED);
      assertThat(watch.phases())
          .containsSubsequence(
              TrainingPhase.RUNNING,
              TrainingPhase.SUSPENDED,
              TrainingPhase.RUNNING,
              TrainingPhase.FAILED);
      assertThat(condition(status, "Succeeded").reason()).isEqualTo("DeadlineExceeded");
      assertThat(condition(status, "Stalled").status()).isEqualTo("True");
      assertThat(status.runningSeconds())
          .isBetween(deadline.toSeconds(), deadline.toSeconds() + 20);
    }
    Await.until("its pods are gone", Training.PATIENCE, training::pods, List::isEmpty);
  }
}
