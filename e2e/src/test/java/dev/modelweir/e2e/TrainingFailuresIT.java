package dev.modelweir.e2e;

import static dev.modelweir.e2e.harness.Training.condition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.ConcurrentTest;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Expect;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.harness.TruthWatch;
import dev.modelweir.e2e.servers.Downloads;
import dev.modelweir.e2e.trainers.BrokenTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;

/** Whatever goes wrong with a training: the right reason, in time. */
@EndToEnd
@Order(13)
class TrainingFailuresIT {
  private static final String ANOTHER_DIGEST = "sha256:" + "0".repeat(64);

  @AutoClose private static Downloads downloads;
  @AutoClose private static TruthWatch truth;

  private final Platform platform;
  private final TestNamespace namespace;

  TrainingFailuresIT(Platform platform, TestNamespace namespace) {
    this.platform = platform;
    this.namespace = namespace;
  }

  @BeforeAll
  static void startServers(Platform platform, TestNamespace namespace) throws Exception {
    downloads = Downloads.start(platform);
    truth = new TruthWatch(namespace);
  }

  @AfterAll
  static void nothingWasSaidThatWasNotSo() {
    truth.assertKept();
  }

  @ConcurrentTest
  void noSuchImage() {
    String image = platform.registry() + "/no-trainer:1";
    Training training = namespace.training("no-image").apply(container(image, ""));

    Expect.failure(training, Reason.IMAGE_PULL_FAILED, "no-trainer:1");
    TrainingJobStatus status =
        training.await(
            "has given its room back, long before `gangTimeoutSeconds`",
            seen -> seen.restartsTotal() != null && seen.restartsTotal() > 0);
    assertThat(requireNonNull(status.restarts()).gangTimeout()).isPositive();
  }

  @ConcurrentTest
  void noSuchCommand() {
    Training training =
        namespace
            .training("no-command")
            .apply(container(platform.images().trainer(), "command: [no-such-program]"));

    Expect.failure(training, Reason.PROGRAM_FAILED, "no-such-program");
  }

  @ConcurrentTest
  void programThatFails() {
    Training training = withWrongArguments("fails", "{application: 0}");

    Expect.failure(training, Reason.RETRIES_EXHAUSTED, "--epochs is \"many\"", "exit code 2");
    assertThat(condition(training.status(), "Stalled").status()).isEqualTo("True");
    assertThat(training.status().phase()).isEqualTo(TrainingPhase.FAILED);
  }

  @ConcurrentTest
  void programThatEndsWithAFatalCode() {
    Training training = withWrongArguments("fatal", "{exitCodes: {fatal: [2]}}");

    Expect.failure(training, Reason.FATAL_EXIT_CODE, "exit code 2");
    assertThat(training.status().phase()).isEqualTo(TrainingPhase.FAILED);
    assertThat(requireNonNull(training.status().attempt()).number()).isZero();
  }

  @ConcurrentTest
  void programThatSaysThatItWasDisturbed() {
    Training training =
        withWrongArguments("disturbed", "{application: 0, exitCodes: {disruption: [2]}}");

    TrainingJobStatus status =
        training.await(
            "begins a third time",
            seen -> seen.restarts() != null && requireNonNull(seen.restarts().disruption()) >= 2);
    assertThat(requireNonNull(status.restarts()).application()).isZero();
    assertThat(status.phase()).isNotEqualTo(TrainingPhase.FAILED);
    training.delete();
  }

  /** Its program ends with 2. */
  private Training withWrongArguments(String name, String retries) {
    return namespace
        .training(name)
        .apply(Trainings.iris("--epochs", "many") + "retries: %s\n".formatted(retries));
  }

  @ConcurrentTest
  void programThatFailsOnce() {
    Training training =
        namespace.training("fails-once").apply(Trainings.iris("--fail-first-attempt-at", "5"));

    Expect.failure(training, Reason.PROGRAM_FAILED, "failing before step 5");
    TrainingJobStatus done = training.awaitSucceeded();
    assertThat(done.restartsTotal()).isEqualTo(1);
  }

  @ConcurrentTest
  void tooLittleMemory() {
    Training training =
        namespace
            .training("little-memory")
            .apply(container(platform.images().trainer(), "resources: {limits: {memory: 24Mi}}"));

    Expect.failure(training, Reason.OUT_OF_MEMORY, "memory limit of 24Mi", "template.resources");
  }

  @ConcurrentTest
  void noPermissionOnTheVolume(EmbeddedCluster cluster) throws IOException {
    namespace.claim(cluster, "closed", "rwxr-xr-x");
    Training training =
        namespace
            .training("no-permission")
            .apply(Trainings.iris() + Trainings.checkpoints("closed", 1));

    Expect.failure(training, Reason.PROGRAM_FAILED, "AccessDenied", "/mnt/modelweir/checkpoints");
  }

  @ConcurrentTest
  void fullVolume(EmbeddedCluster cluster) throws IOException {
    Path folder = namespace.claim(cluster, "full");
    cluster.limit(folder, "8k");
    Training training =
        namespace
            .training("full-volume")
            .apply(Trainings.iris() + Trainings.checkpoints("full", 1));

    Expect.failure(training, Reason.DISK_FULL, "a volume is full");
  }

  @ConcurrentTest
  void inputLargerThanTheDiskOfThePod() {
    namespace.secret("trust", downloads.trust());
    Training training =
        namespace
            .training("full-disk")
            .apply(
                container(
                        platform.images().trainer(),
                        "resources: {limits: {ephemeral-storage: 4Mi}}")
                    + """
                    inputs:
                      - name: large
                        uri: %s
                        credentialsSecretRef: {name: trust}
                    """
                        .formatted(downloads.https("open", "large.onnx")));

    Expect.failure(training, Reason.DISK_FULL, "ephemeral-storage");
  }

  @ConcurrentTest
  void badCredentialsOfAnInput() {
    namespace.secret("s3-wrong", downloads.s3("wrong"));
    Training training =
        namespace
            .training("bad-input")
            .apply(
                Trainings.iris()
                    + """
                    inputs:
                      - name: data
                        uri: s3://models/iris/model.onnx
                        credentialsSecretRef: {name: s3-wrong}
                    """);

    Expect.failure(training, Reason.CREDENTIALS_MISSING, "s3://models/iris/model.onnx");
  }

  @ConcurrentTest
  void anInputThatIsNotWhatItWasPinnedTo() {
    namespace.secret("web", downloads.trust());
    Training training =
        namespace
            .training("other-input")
            .apply(
                Trainings.iris()
                    + """
                    inputs:
                      - name: data
                        uri: %s
                        digest: %s
                        credentialsSecretRef: {name: web}
                    """
                        .formatted(downloads.https("open", "model.onnx"), ANOTHER_DIGEST));

    Expect.failure(training, Reason.DIGEST_MISMATCH, ANOTHER_DIGEST, "model.onnx");
  }

  @ConcurrentTest
  void aClaimThatDoesNotHoldWhatItWasPinnedTo(EmbeddedCluster cluster) throws IOException {
    Path folder = namespace.claim(cluster, "changed");
    Files.writeString(folder.resolve("train.csv"), "1,2,3\n");
    Training training =
        namespace
            .training("other-claim")
            .apply(
                Trainings.iris()
                    + """
                    inputs:
                      - name: data
                        uri: pvc://changed
                        digest: %s
                    """
                        .formatted(ANOTHER_DIGEST));

    Expect.failure(training, Reason.DIGEST_MISMATCH, ANOTHER_DIGEST, "train.csv");
  }

  @ConcurrentTest
  void noSuchInput() {
    namespace.secret("s3", downloads.s3());
    Training training =
        namespace
            .training("no-input")
            .apply(
                Trainings.iris()
                    + """
                    inputs:
                      - name: data
                        uri: s3://models/nothing
                        credentialsSecretRef: {name: s3}
                    """);

    Expect.failure(training, Reason.MODEL_NOT_FOUND, "s3://models/nothing", "check bucket and key");
  }

  @ConcurrentTest
  void outputThatIsNoModel(EmbeddedCluster cluster) throws IOException {
    Path folder = namespace.claim(cluster, "broken");
    Training training =
        namespace
            .training("no-model")
            .apply(
                Trainings.program(namespace, BrokenTrainer.class)
                    + Trainings.output("pvc://broken/models", "broken"));

    Expect.failure(training, Reason.MODEL_LOAD_FAILED, "model.onnx");
    isGivenUpWithoutAVersion(training, folder.resolve("models/broken"));
  }

  @ConcurrentTest
  void outputWithOtherTensorsThanAgreed(EmbeddedCluster cluster) throws IOException {
    Path folder = namespace.claim(cluster, "other");
    Training training =
        namespace
            .training("other-tensors")
            .apply(
                Trainings.iris("--epochs", "1")
                    + Trainings.output("pvc://other/models", "other")
                    + """
                      signature:
                        inputs: [{name: input, datatype: FP32, shape: [-1, 5]}]
                    """);

    Expect.failure(training, Reason.SIGNATURE_MISMATCH, "input");
    isGivenUpWithoutAVersion(training, folder.resolve("models/other"));
  }

  private void isGivenUpWithoutAVersion(Training training, Path store) {
    TrainingJobStatus status = training.awaitPhase(TrainingPhase.FAILED);
    assertThat(condition(status, "Stalled").status()).isEqualTo("True");
    assertThat(status.modelVersion()).isNull();
    assertThat(namespace.model(store.getFileName().toString()).versions()).isEmpty();
    assertThat(store).doesNotExist();
  }

  @ConcurrentTest
  void moreGpusThanAnyNodeHas() {
    Training training =
        namespace
            .training("many-gpus")
            .apply(
                container(platform.images().trainer(), "accelerator: {vendor: NVIDIA, count: 64}"));

    TrainingJobStatus status = training.awaitReason(Reason.IMPOSSIBLE_ACCELERATOR);
    assertThat(condition(status, "Succeeded").message())
        .contains("64 nvidia.com/gpu", "available: 1 node with 4 nvidia.com/gpu");
    assertThat(condition(status, "Stalled").status()).isEqualTo("True");
    assertThat(condition(status, "Accepted").status()).isEqualTo("False");
    Instant created = Instant.parse(training.get().getMetadata().getCreationTimestamp());
    assertThat(Instant.parse(condition(status, "Accepted").lastTransitionTime()))
        .isBefore(created.plusSeconds(10));
    assertThat(training.pods()).isEmpty();
  }

  @ConcurrentTest
  void outputThatCannotBeStored(EmbeddedCluster cluster) throws IOException {
    namespace.claim(cluster, "waits");
    namespace.secret("store", downloads.s3("wrong"));
    Training training =
        namespace
            .training("bad-output")
            .apply(
                Trainings.iris("--epochs", "1")
                    + Trainings.checkpoints("waits", 1)
                    + Trainings.output("s3://models/trained", "stored")
                    + "  credentialsSecretRef: {name: store}\n");

    Expect.failure(training, Reason.CREDENTIALS_MISSING, "s3://models/trained");
    assertThat(training.status().phase()).isEqualTo(TrainingPhase.PUBLISHING);

    namespace.secret("store", downloads.s3());
    training.awaitSucceeded();
    assertThat(namespace.model("stored").madeBy(training).getSpec().storageUri())
        .startsWith("s3://models/trained/stored/sha256-");
  }

  /** No pod can say so, as none is made. */
  @ConcurrentTest
  void noSuchServiceAccount() {
    Training training =
        namespace
            .training("no-account")
            .apply(
                Trainings.iris("--epochs", "1") + "  podTemplate: {serviceAccountName: nobody}\n");

    TrainingJobStatus status = training.awaitReason(Reason.POD_REFUSED);
    assertThat(condition(status, "Succeeded").message())
        .contains("serviceaccount \"nobody\" not found", "change `template` or the rule");
    assertThat(told(training, Reason.POD_REFUSED))
        .isBefore(
            Instant.parse(requireNonNull(requireNonNull(status.attempt()).admittedAt()))
                .plusSeconds(10));
    training.await(
        "has given its room back, long before `gangTimeoutSeconds`",
        seen -> requireNonNull(requireNonNull(seen.restarts()).gangTimeout()) > 0);

    namespace.apply("{apiVersion: v1, kind: ServiceAccount, metadata: {name: nobody}}");
    training.awaitSucceeded();
  }

  @ConcurrentTest
  void noQuotaForThePublishStep(EmbeddedCluster cluster) throws IOException {
    try (TestNamespace small = platform.namespace("small-publish")) {
      small.claim(cluster, "store");
      small.kubectl("create", "quota", "small", "--hard=requests.memory=200Mi").output();
      Training training =
          small
              .training("trained")
              .apply(
                  Trainings.iris("--epochs", "1")
                      + Trainings.checkpoints("store", 1)
                      + Trainings.output("pvc://store/models", "trained"));

      TrainingJobStatus status = training.awaitReason(Reason.QUOTA_EXCEEDED);
      assertThat(status.phase()).isEqualTo(TrainingPhase.PUBLISHING);
      assertThat(condition(status, "Succeeded").message()).contains("exceeded quota: small");

      small
          .kubectl("patch", "quota", "small", "-p")
          .with("{\"spec\":{\"hard\":{\"requests.memory\":\"1Gi\"}}}")
          .output();
      training.awaitSucceeded();
    }
  }

  private static Instant told(Training training, Reason reason) {
    return training.events().stream()
        .filter(event -> event.getReason().equals(reason.word()))
        .map(event -> Instant.parse(event.getFirstTimestamp()))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private static String container(String image, String more) {
    return """
    template:
      image: %s
      args: [--data, "example:iris"]
      %s
    """
        .formatted(image, more);
  }
}
