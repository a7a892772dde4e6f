package dev.modelweir.e2e;

import static dev.modelweir.e2e.harness.Isvc.condition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.api.v1alpha1.ModelFailure;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.ConcurrentTest;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.servers.Downloads;
import dev.modelweir.e2e.servers.WebServer;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;

/** Whatever goes wrong: the right reason, in time, and gone again after the fix. */
@EndToEnd
@Order(3)
class FailureReasonsIT {
  private static final Duration IN_TIME = Duration.ofSeconds(10);
  private static final String WRONG_DIGEST = "sha256:" + "0".repeat(64);

  @AutoClose private static Downloads downloads;

  private final Platform platform;
  private final TestNamespace namespace;

  FailureReasonsIT(Platform platform, TestNamespace namespace) {
    this.platform = platform;
    this.namespace = namespace;
  }

  @BeforeAll
  static void startServers(Platform platform, TestNamespace namespace) throws Exception {
    downloads = Downloads.start(platform);
    namespace.secret("trust", downloads.trust());
  }

  @ConcurrentTest
  void noSuchModelImage() {
    String uri = "oci://" + platform.registry() + "/nothing-here:v1";
    Isvc isvc = namespace.isvc("no-model-image").apply(onnx(uri));

    fails(isvc, Reason.MODEL_NOT_FOUND, "nothing-here:v1", "storageUri");

    isvc.applyIris("v1");
    recovers(isvc);
  }

  @ConcurrentTest
  void noSuchFile() {
    Isvc isvc = namespace.isvc("no-file").apply(download("open", "nothing.onnx", "trust"));

    fails(isvc, Reason.MODEL_NOT_FOUND, "nothing.onnx", "404");

    isvc.apply(download("open", "model.onnx", "trust"));
    recovers(isvc);
  }

  @ConcurrentTest
  void wrongDigest() {
    String model = download("open", "model.onnx", "trust");
    Isvc isvc = namespace.isvc("wrong-digest").apply(model + "  digest: " + WRONG_DIGEST + "\n");

    fails(isvc, Reason.DIGEST_MISMATCH, WRONG_DIGEST);
    assertThat(condition(isvc.status(), "Stalled").status()).isEqualTo("True");

    isvc.apply(model);
    recovers(isvc);
  }

  @ConcurrentTest
  void badCredentials() {
    namespace.secret("bad-password", downloads.basic("wrong"));
    Isvc isvc =
        namespace.isvc("bad-credentials").apply(download("basic", "model.onnx", "bad-password"));

    fails(isvc, Reason.CREDENTIALS_MISSING, "401", "HTTP_PASSWORD");

    namespace.secret("good-password", downloads.basic(WebServer.PASSWORD));
    isvc.apply(download("basic", "model.onnx", "good-password"));
    recovers(isvc);
  }

  @ConcurrentTest
  void missingSecret() {
    Isvc isvc = namespace.isvc("missing-secret").apply(download("open", "model.onnx", "later"));

    fails(isvc, Reason.CREDENTIALS_MISSING, "later", "create it in namespace " + namespace.name());

    namespace.secret("later", downloads.trust());
    recovers(isvc);
  }

  @ConcurrentTest
  void notAnOnnxFile() {
    Isvc isvc = namespace.isvc("not-onnx").apply(download("open", "text.onnx", "trust"));

    fails(isvc, Reason.MODEL_LOAD_FAILED, "text.onnx");
    assertThat(condition(isvc.status(), "Stalled").status()).isEqualTo("True");

    isvc.apply(download("open", "model.onnx", "trust"));
    recovers(isvc);
  }

  @ConcurrentTest
  void fullDisk() {
    String model = download("open", "large.onnx", "trust");
    Isvc isvc = namespace.isvc("full-disk").apply(model + limits("ephemeral-storage: 4Mi"));

    fails(isvc, Reason.DISK_FULL, "ephemeral-storage");

    isvc.apply(model + limits("ephemeral-storage: 100Mi"));
    recovers(isvc);
  }

  @ConcurrentTest
  void tooLittleMemory() {
    Isvc isvc = namespace.isvc("too-little-memory").apply(iris() + limits("memory: 40Mi"));

    fails(isvc, Reason.OUT_OF_MEMORY, "memory limit of 40Mi", "runtime.resources.limits.memory");

    isvc.apply(iris() + limits("memory: 512Mi"));
    recovers(isvc);
  }

  @ConcurrentTest
  void moreGpusThanAnyNodeHas() {
    Isvc isvc = namespace.isvc("many-gpus").apply(iris() + limits("nvidia.com/gpu: 99"));

    fails(isvc, Reason.UNSCHEDULABLE, "no node has enough nvidia.com/gpu");

    isvc.apply(iris());
    recovers(isvc);
  }

  @ConcurrentTest
  void noSuchContainerImage() {
    String image = platform.registry() + "/no-server:1";
    Isvc isvc = namespace.isvc("no-image").apply(custom(image, ""));

    fails(isvc, Reason.IMAGE_PULL_FAILED, "no-server:1");

    isvc.apply(custom(platform.images().server(), ""));
    recovers(isvc);
  }

  @ConcurrentTest
  void containerThatCrashes() {
    String image = platform.images().server();
    Isvc isvc = namespace.isvc("crashes").apply(custom(image, "command: [java, NoSuchClass]"));

    fails(
        isvc,
        Reason.CRASH_LOOPING,
        "exit code 1",
        "last line: Caused by: java.lang.ClassNotFoundException: NoSuchClass");
    assertThat(failure(isvc.status()).exitCode()).isEqualTo(1);

    isvc.apply(custom(image, ""));
    recovers(isvc);
  }

  @ConcurrentTest
  void imageThatRunsAsRoot() {
    // The model image names no user, which is root; it never comes to running what is not in it.
    String image = platform.images().iris("v1");
    Isvc isvc = namespace.isvc("root").apply(custom(image, "command: [serve]"));

    fails(isvc, Reason.INVALID_SPEC, "runAsNonRoot");

    isvc.apply(custom(platform.images().server(), ""));
    recovers(isvc);
  }

  @ConcurrentTest
  void quotaOfTheNamespace() {
    try (TestNamespace small = platform.namespace("quota")) {
      small.kubectl("create", "quota", "none", "--hard=pods=0").output();
      Isvc isvc = small.isvc("iris").applyIris("v1");

      fails(isvc, Reason.QUOTA_EXCEEDED, "exceeded quota: none", "pods=0");

      small.kubectl("delete", "quota", "none").output();
      recovers(isvc);
    }
  }

  @ConcurrentTest
  void serviceOfSomebodyElse() {
    namespace.kubectl("create", "service", "clusterip", "taken", "--tcp=80").output();
    Isvc isvc = namespace.isvc("taken").applyIris("v1");

    isvc.awaitReason(Reason.NAME_CONFLICT);
    assertThat(condition(isvc.status(), "Ready").message()).contains("Service taken");
    awaitEvent(isvc, Reason.NAME_CONFLICT);

    namespace.kubectl("delete", "service", "taken").output();
    recovers(isvc);
  }

  /** Status and a Warning event say so, no later than {@link #IN_TIME} after the cluster did. */
  private static void fails(Isvc isvc, Reason reason, String... said) {
    InferenceServiceStatus status = requireNonNull(isvc.awaitReason(reason).getStatus());

    assertThat(condition(status, "Ready").message()).contains(said);
    assertThat(failure(status).reason()).isEqualTo(reason.word());
    Instant told = Instant.parse(awaitEvent(isvc, reason).getFirstTimestamp());
    assertThat(Duration.between(happened(isvc, failure(status)), told)).isLessThan(IN_TIME);
  }

  private static Event awaitEvent(Isvc isvc, Reason reason) {
    return Await.until(
            "a Warning event with reason " + reason.word(),
            IN_TIME,
            () -> warnings(isvc.events().stream(), reason.word()),
            found -> !found.isEmpty())
        .getFirst();
  }

  private static List<Event> warnings(Stream<Event> events, String reason) {
    return events
        .filter(event -> event.getType().equals("Warning"))
        .filter(event -> event.getReason().equals(reason))
        .toList();
  }

  /** When the container ended, or else when Kubernetes first complained about the pods. */
  private static Instant happened(Isvc isvc, ModelFailure failure) {
    if (failure.time() != null) {
      return Instant.parse(failure.time());
    }
    return isvc.namespace().events().stream()
        .filter(event -> event.getType().equals("Warning"))
        .filter(event -> !event.getInvolvedObject().getKind().equals("InferenceService"))
        .filter(event -> event.getInvolvedObject().getName().startsWith(isvc.name() + "-"))
        .map(event -> Instant.parse(event.getMetadata().getCreationTimestamp()))
        .min(Instant::compareTo)
        .orElseThrow(() -> new AssertionError("Kubernetes itself did not complain"));
  }

  private static void recovers(Isvc isvc) {
    InferenceServiceStatus status = requireNonNull(isvc.awaitReady().getStatus());

    assertThat(Isvc.model(status).lastFailure()).isNull();
    assertThat(condition(status, "Stalled").status()).isEqualTo("False");
  }

  private static ModelFailure failure(InferenceServiceStatus status) {
    return requireNonNull(Isvc.model(status).lastFailure(), "there is no lastFailure");
  }

  private static String iris() {
    return onnx("oci://registry.modelweir.dev/examples/iris:v1");
  }

  private static String onnx(String uri) {
    return """
    model:
      format: ONNX
      storageUri: %s
    """
        .formatted(uri);
  }

  private static String download(String place, String file, String secret) {
    return onnx(downloads.https(place, file))
        + "  credentialsSecretRef:\n    name: %s\n".formatted(secret);
  }

  private static String limits(String limit) {
    return "runtime:\n  resources:\n    limits:\n      %s\n".formatted(limit);
  }

  private static String custom(String image, String more) {
    return """
    model:
      format: Custom
      storageUri: oci://registry.modelweir.dev/examples/iris:v1
    runtime:
      container:
        image: %s
        %s
    """
        .formatted(image, more);
  }
}
