package dev.modelweir.e2e;

import static dev.modelweir.e2e.harness.Isvc.condition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.e2e.harness.ConcurrentTest;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Expect;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.servers.Downloads;
import dev.modelweir.e2e.servers.WebServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;

/** Whatever goes wrong: the right reason, in time, and gone again after the fix. */
@EndToEnd
@Order(3)
class FailureReasonsIT {
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

    Expect.failure(isvc, Reason.MODEL_NOT_FOUND, "nothing-here:v1", "storageUri");

    isvc.applyIris("v1");
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void noSuchFile() {
    Isvc isvc = namespace.isvc("no-file").apply(download("open", "nothing.onnx", "trust"));

    Expect.failure(isvc, Reason.MODEL_NOT_FOUND, "nothing.onnx", "404");

    isvc.apply(download("open", "model.onnx", "trust"));
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void wrongDigest() {
    String model = download("open", "model.onnx", "trust");
    Isvc isvc = namespace.isvc("wrong-digest").apply(model + "  digest: " + WRONG_DIGEST + "\n");

    Expect.failure(isvc, Reason.DIGEST_MISMATCH, WRONG_DIGEST);
    assertThat(condition(isvc.status(), "Stalled").status()).isEqualTo("True");

    isvc.apply(model);
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void badCredentials() {
    namespace.secret("bad-password", downloads.basic("wrong"));
    Isvc isvc =
        namespace.isvc("bad-credentials").apply(download("basic", "model.onnx", "bad-password"));

    Expect.failure(isvc, Reason.CREDENTIALS_MISSING, "401", "HTTP_PASSWORD");

    namespace.secret("good-password", downloads.basic(WebServer.PASSWORD));
    isvc.apply(download("basic", "model.onnx", "good-password"));
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void missingSecret() {
    Isvc isvc = namespace.isvc("missing-secret").apply(download("open", "model.onnx", "later"));

    Expect.failure(
        isvc, Reason.CREDENTIALS_MISSING, "later", "create it in namespace " + namespace.name());

    namespace.secret("later", downloads.trust());
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void notAnOnnxFile() {
    Isvc isvc = namespace.isvc("not-onnx").apply(download("open", "text.onnx", "trust"));

    Expect.failure(isvc, Reason.MODEL_LOAD_FAILED, "text.onnx");
    assertThat(condition(isvc.status(), "Stalled").status()).isEqualTo("True");

    isvc.apply(download("open", "model.onnx", "trust"));
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void onnxFileThatIsCutShort() {
    Isvc isvc = namespace.isvc("cut-short").apply(download("open", "cut.onnx", "trust"));

    Expect.failure(isvc, Reason.MODEL_LOAD_FAILED, "cut.onnx");

    isvc.apply(download("open", "model.onnx", "trust"));
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void fullDisk() {
    String model = download("open", "large.onnx", "trust");
    Isvc isvc = namespace.isvc("full-disk").apply(model + limits("ephemeral-storage: 4Mi"));

    Expect.failure(isvc, Reason.DISK_FULL, "ephemeral-storage");

    isvc.apply(model + limits("ephemeral-storage: 100Mi"));
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void tooLittleMemory() {
    Isvc isvc = namespace.isvc("too-little-memory").apply(iris() + limits("memory: 40Mi"));

    Expect.failure(
        isvc, Reason.OUT_OF_MEMORY, "memory limit of 40Mi", "runtime.resources.limits.memory");

    isvc.apply(iris() + limits("memory: 512Mi"));
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void moreGpusThanAnyNodeHas() {
    Isvc isvc = namespace.isvc("many-gpus").apply(iris() + limits("nvidia.com/gpu: 99"));

    Expect.failure(isvc, Reason.UNSCHEDULABLE, "no node has enough nvidia.com/gpu");

    isvc.apply(iris());
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void noSuchContainerImage() {
    String image = platform.registry() + "/no-server:1";
    Isvc isvc = namespace.isvc("no-image").apply(custom(image, ""));

    Expect.failure(isvc, Reason.IMAGE_PULL_FAILED, "no-server:1");

    isvc.apply(custom(platform.images().server(), ""));
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void containerThatCrashes() {
    String image = platform.images().server();
    Isvc isvc = namespace.isvc("crashes").apply(custom(image, "command: [java, NoSuchClass]"));

    Expect.failure(
        isvc,
        Reason.CRASH_LOOPING,
        "exit code 1",
        "last line: Caused by: java.lang.ClassNotFoundException: NoSuchClass");
    assertThat(Isvc.lastFailure(isvc.status()).exitCode()).isEqualTo(1);

    isvc.apply(custom(image, ""));
    Expect.recovery(isvc);
  }

  /** Takes a minute: that long a container of one's own may take to answer. */
  @ConcurrentTest
  void containerThatNeverAnswersItsProbe() {
    String image = platform.images().server();
    Isvc isvc =
        namespace.isvc("never-ready").apply(custom(image, "probes: {readinessPath: /nothing}"));

    isvc.awaitReason(Reason.PROBE_FAILED);
    assertThat(condition(isvc.status(), "Ready").message())
        .contains("does not answer its readiness check", "kubectl logs -n " + namespace.name());
    Expect.warning(isvc, Reason.PROBE_FAILED);

    isvc.apply(custom(image, ""));
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void imageThatRunsAsRoot() {
    // The model image names no user, which is root; it never comes to running what is not in it.
    String image = platform.images().iris("v1");
    Isvc isvc = namespace.isvc("root").apply(custom(image, "command: [serve]"));

    Expect.failure(isvc, Reason.INVALID_SPEC, "runAsNonRoot");

    isvc.apply(custom(platform.images().server(), ""));
    Expect.recovery(isvc);
  }

  @ConcurrentTest
  void quotaOfTheNamespace() {
    try (TestNamespace small = platform.namespace("quota")) {
      small.kubectl("create", "quota", "none", "--hard=pods=0").output();
      Isvc isvc = small.isvc("iris").applyIris("v1");

      Expect.failure(isvc, Reason.QUOTA_EXCEEDED, "exceeded quota: none", "pods=0");

      small.kubectl("delete", "quota", "none").output();
      Expect.recovery(isvc);
    }
  }

  @ConcurrentTest
  void ruleOfTheNamespaceThatRefusesPods() {
    try (TestNamespace strict = platform.namespace("strict")) {
      strict.apply(
          """
          apiVersion: v1
          kind: LimitRange
          metadata: {name: small}
          spec:
            limits:
            - type: Container
              max: {memory: 64Mi}
          """);
      Isvc isvc = strict.isvc("iris").applyIris("v1");

      Expect.failure(isvc, Reason.POD_REFUSED, "maximum memory usage per Container is 64Mi");

      strict.kubectl("delete", "limitrange", "small").output();
      Expect.recovery(isvc);
    }
  }

  @ConcurrentTest
  void serviceOfSomebodyElse() {
    namespace.kubectl("create", "service", "clusterip", "taken", "--tcp=80").output();
    Isvc isvc = namespace.isvc("taken").applyIris("v1");

    isvc.awaitReason(Reason.NAME_CONFLICT);
    assertThat(condition(isvc.status(), "Ready").message()).contains("Service taken");
    Expect.warning(isvc, Reason.NAME_CONFLICT);

    namespace.kubectl("delete", "service", "taken").output();
    Expect.recovery(isvc);
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
