package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EmbeddedCluster.PrivateRegistry;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.ImageTool;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.TestNamespace;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster without image volumes: the operator lets a container download the layers. */
@EndToEnd
@Order(6)
class OciFetchIT {
  private final TestNamespace namespace;
  private final PrivateRegistry registry;

  OciFetchIT(TestNamespace namespace, EmbeddedCluster cluster) {
    this.namespace = namespace;
    this.registry = cluster.privateRegistry();
  }

  @BeforeAll
  static void fetchModels(Platform platform, EmbeddedCluster cluster) {
    String hosts = "{%s,%s}".formatted(cluster.registry(), cluster.privateRegistry().host());
    platform.release().apply("ociMode=fetch", "insecureRegistries=" + hosts);
  }

  @AfterAll
  static void mountModels(Platform platform) {
    platform.release().apply();
  }

  @Test
  void downloadsWhatIsPinnedWithTheCredentialsOfThePod(@TempDir Path folder) throws IOException {
    String name = registry.host() + "/fetched/iris:v1";
    Path image = folder.resolve("iris.tar");
    ImageTool.build(name, Checkout.irisModel("v1").getParent(), image);
    ImageTool.push(image, name, registry.login(folder));
    Isvc isvc = namespace.isvc("fetched").apply(spec(name, null));
    isvc.awaitReason(Reason.CREDENTIALS_MISSING);

    namespace.registrySecret("registry", registry);
    isvc.apply(spec(name, "sha256:" + "0".repeat(64)) + pullSecret());
    isvc.awaitReason(Reason.DIGEST_MISMATCH);

    isvc.apply(spec(name, ImageTool.digest(image)) + pullSecret());
    isvc.awaitReady();
    assertThat(isvc.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);
    assertThat(namespace.podsOf("fetched").getFirst().getSpec().getVolumes())
        .noneMatch(volume -> volume.getImage() != null);
  }

  private static String spec(String name, @Nullable String digest) {
    return """
    model:
      format: ONNX
      storageUri: oci://%s
    """
            .formatted(name)
        + (digest == null ? "" : "  digest: " + digest + "\n");
  }

  private static String pullSecret() {
    return """
    runtime:
      podTemplate:
        imagePullSecrets:
          - name: registry
    """;
  }
}
