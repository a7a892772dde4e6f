package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.ConcurrentTest;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EmbeddedCluster.PrivateRegistry;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.ImageTool;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.servers.Downloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;

/** The model comes from every kind of place, and only if it is the one that was pinned. */
@EndToEnd
@Order(4)
class StorageIT {
  private static final String WRONG_DIGEST = "sha256:" + "0".repeat(64);

  @AutoClose private static Downloads downloads;

  private final TestNamespace namespace;

  StorageIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  static void startServers(Platform platform) throws Exception {
    downloads = Downloads.start(platform);
  }

  @ConcurrentTest
  void https() throws Exception {
    namespace.secret("web", downloads.bearer());
    Isvc isvc = namespace.isvc("https");

    servesWhatIsPinned(isvc, downloads.https("bearer", "model.onnx"), file(), "web");
  }

  @ConcurrentTest
  void s3() throws Exception {
    namespace.secret("s3", downloads.s3());

    servesWhatIsPinned(namespace.isvc("s3"), "s3://models/iris/model.onnx", file(), "s3");
  }

  @ConcurrentTest
  void s3Folder() {
    namespace.secret("s3-folder", downloads.s3());
    Isvc isvc = namespace.isvc("s3-folder").apply(spec("s3://models/iris/", null, "s3-folder"));

    serves(isvc);
  }

  @ConcurrentTest
  void s3WithTheWrongKey() {
    namespace.secret("s3-wrong", downloads.s3("wrong"));
    Isvc isvc =
        namespace.isvc("s3-wrong").apply(spec("s3://models/iris/model.onnx", null, "s3-wrong"));

    isvc.awaitReason(Reason.CREDENTIALS_MISSING);
  }

  @ConcurrentTest
  void claim(EmbeddedCluster cluster) throws Exception {
    Path folder = cluster.hostPathFolder().resolve(namespace.name());
    Files.createDirectories(folder.resolve("iris"));
    Files.copy(Checkout.irisModel("v1"), folder.resolve("iris/model.onnx"));
    namespace.volume(folder, "models");
    namespace.apply(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: models
        spec:
          accessModes: [ReadOnlyMany]
          storageClassName: ""
          resources: {requests: {storage: 1Gi}}
        """);
    Isvc isvc = namespace.isvc("claim");

    servesWhatIsPinned(isvc, "pvc://models/iris/model.onnx", file(), null);
    isvc.apply(spec("pvc://models/iris", null, null));
    serves(isvc);
    isvc.apply(spec("pvc://models/elsewhere", null, null));
    isvc.awaitReason(Reason.MODEL_NOT_FOUND);
  }

  @ConcurrentTest
  void imageOfARegistry(Platform platform, @TempDir Path folder) {
    String name = platform.registry() + "/storage/iris:v1";
    Path image = folder.resolve("iris.tar");
    ImageTool.build(name, Checkout.irisModel("v1").getParent(), image);
    ImageTool.push(image, name);

    servesWhatIsPinned(namespace.isvc("oci"), "oci://" + name, ImageTool.digest(image), null);
  }

  @ConcurrentTest
  void imageOfAPrivateRegistry(EmbeddedCluster cluster, @TempDir Path folder) throws IOException {
    PrivateRegistry registry = cluster.privateRegistry();
    String name = registry.host() + "/private/iris:v1";
    Path image = folder.resolve("iris.tar");
    // Content of its own: the kubelet asks for the Secret wherever it meets what it once pulled
    // with
    // one, so an image equal to the iris of the other tests would take that away from them.
    Path content = Files.createDirectory(folder.resolve("content"));
    Files.copy(Checkout.irisModel("v1"), content.resolve("model.onnx"));
    Files.writeString(content.resolve("README.txt"), "kept in a private registry");
    ImageTool.build(name, content, image);
    ImageTool.push(image, name, registry.login(folder));
    Isvc isvc = namespace.isvc("private").apply(spec("oci://" + name, null, null));

    isvc.awaitReason(Reason.CREDENTIALS_MISSING);

    namespace.registrySecret("registry", registry);
    isvc.apply(
        spec("oci://" + name, null, null)
            + """
            runtime:
              podTemplate:
                imagePullSecrets:
                  - name: registry
            """);
    serves(isvc);
  }

  private static void servesWhatIsPinned(
      Isvc isvc, String uri, String digest, @Nullable String secret) {
    isvc.apply(spec(uri, WRONG_DIGEST, secret));
    isvc.awaitReason(Reason.DIGEST_MISMATCH);

    isvc.apply(spec(uri, digest, secret));
    serves(isvc);
    assertThat(Isvc.model(isvc.status()).digest()).isEqualTo(digest);
  }

  private static void serves(Isvc isvc) {
    isvc.awaitReady();
    assertThat(isvc.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);
  }

  /** The digest of the model file. */
  private static String file() throws Exception {
    return Downloads.digest(Checkout.irisModel("v1"));
  }

  private static String spec(String uri, @Nullable String digest, @Nullable String secret) {
    return """
    model:
      format: ONNX
      storageUri: %s
    """
            .formatted(uri)
        + (digest == null ? "" : "  digest: " + digest + "\n")
        + (secret == null ? "" : "  credentialsSecretRef:\n    name: " + secret + "\n");
  }
}
