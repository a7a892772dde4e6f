package dev.modelweir.e2e;

import static dev.modelweir.e2e.harness.Training.condition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InputStatus;
import dev.modelweir.api.v1alpha1.Lineage;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.ModelVersionSpec;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.ConcurrentTest;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.RegisteredModel;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.TrainingWatch;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.servers.Downloads;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;

/** From data to a version that can be served, told truly all the way. */
@EndToEnd
@Order(11)
class TrainingIT {
  private static final String CLAIM = "training";

  @AutoClose private static Downloads downloads;

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
  }

  @ConcurrentTest
  void aTrainingTellsWhereItIsUntilItsModelIsRegistered() {
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
          .matches("alone +Succeeded +100% .* alone-[0-9a-f]{10} .*");
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
    Training training =
        namespace
            .training("fed")
            .apply(
                Trainings.trainer("/mnt/modelweir/inputs/flowers", "--epochs", "1")
                    + """
                    inputs:
                      - name: flowers
                        uri: oci://registry.modelweir.dev/examples/iris-data:v1
                        version: "1"
                      - name: kept
                        uri: pvc://training
                      - name: sent
                        uri: s3://models/iris/model.onnx
                        credentialsSecretRef: {name: s3}
                    """);

    TrainingJobStatus status = training.awaitSucceeded();
    assertThat(status.inputs())
        .extracting(InputStatus::name)
        .containsExactly("flowers", "kept", "sent");
    assertThat(requireNonNull(status.inputs()).getLast().digest())
        .isEqualTo(Downloads.digest(Checkout.irisModel("v1")));
    assertThat(status.modelVersion()).isNull();
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

  @ConcurrentTest
  void runningTimeIsBounded() {
    Training training =
        namespace
            .training("bounded")
            .apply(
                Trainings.iris("--min-step-millis", "100", "--epochs", "1000")
                    + "activeDeadlineSeconds: 5\n");

    TrainingJobStatus status =
        training.await("has failed", seen -> seen.phase() == TrainingPhase.FAILED);
    assertThat(condition(status, "Succeeded").reason()).isEqualTo("DeadlineExceeded");
    assertThat(condition(status, "Stalled").status()).isEqualTo("True");
    assertThat(status.runningSeconds()).isBetween(5L, 30L);
    Await.until("its pods are gone", Training.PATIENCE, training::pods, List::isEmpty);
  }
}
