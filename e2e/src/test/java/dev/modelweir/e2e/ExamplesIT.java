package dev.modelweir.e2e;

import static java.util.Objects.requireNonNull;
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
import dev.modelweir.e2e.load.Load;
import dev.modelweir.e2e.servers.Downloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example does what its README says, with only its addresses and secrets filled in. */
@EndToEnd
@Order(2)
class ExamplesIT {
  @AutoClose private static Downloads downloads;

  private final TestNamespace namespace;

  ExamplesIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  static void startServers(Platform platform) throws Exception {
    downloads = Downloads.start(platform);
  }

  @Test
  void noExampleIsForgotten() throws IOException {
    try (var folders = Files.list(Checkout.path("examples"))) {
      assertThat(folders.filter(Files::isDirectory).map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "custom-container",
              "https",
              "private-registry",
              "pvc",
              "quickstart",
              "s3",
              "train-and-serve",
              // A program without YAML of its own.
              "trainer");
    }
  }

  @ConcurrentTest
  void customContainer() {
    Isvc isvc = apply("custom-container", Map.of(), "iris-custom");

    isvc.awaitReady();
    assertThat(isvc.predict("flowers", Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);
  }

  @ConcurrentTest
  void https() {
    Map<String, String> secret = downloads.bearer();
    Map<String, String> filledIn =
        Map.of(
            "https://models.example.com/iris/model.onnx", downloads.https("bearer", "model.onnx"),
            "HTTP_BEARER_TOKEN: change-me", asYaml(secret));

    serves(apply("https", filledIn, "iris-https"));
  }

  @ConcurrentTest
  void s3() {
    Map<String, String> secret = downloads.s3();
    Map<String, String> filledIn =
        Map.of(
            "https://s3.example.com", secret.get("AWS_ENDPOINT_URL"),
            "ID: change-me", "ID: " + secret.get("AWS_ACCESS_KEY_ID"),
            "KEY: change-me", "KEY: " + secret.get("AWS_SECRET_ACCESS_KEY"));

    serves(apply("s3", filledIn, "iris-s3"));
  }

  @ConcurrentTest
  void pvc(EmbeddedCluster cluster) throws IOException {
    Path folder = Files.createDirectories(cluster.hostPathFolder().resolve(namespace.name()));
    namespace.volume(folder, "models");
    Isvc isvc = apply("pvc", Map.of(), "iris-pvc");
    isvc.awaitReason(Reason.MODEL_NOT_FOUND);

    Files.createDirectory(folder.resolve("iris"));
    Files.copy(Checkout.irisModel("v1"), folder.resolve("iris/model.onnx"));
    serves(isvc);
  }

  @ConcurrentTest
  void privateRegistry(EmbeddedCluster cluster, @TempDir Path folder) throws IOException {
    PrivateRegistry registry = cluster.privateRegistry();
    String name = registry.host() + "/examples/iris:v1";
    Path image = folder.resolve("iris.tar");
    ImageTool.build(name, Checkout.irisModel("v1").getParent(), image);
    ImageTool.push(image, name, registry.login(folder));
    Map<String, String> filledIn = Map.of("registry.example.com/models/iris:v1", name);
    Isvc isvc = apply("private-registry", filledIn, "iris-private");
    isvc.awaitReason(Reason.CREDENTIALS_MISSING);

    namespace.registrySecret("registry-login", registry);
    serves(isvc);
  }

  @ConcurrentTest
  void trainAndServe(EmbeddedCluster cluster) throws Exception {
    Path folder =
        Files.createDirectories(cluster.hostPathFolder().resolve(namespace.name() + "-t"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    namespace.volume(folder, "training");
    namespace.kubectl("apply", "-f", Checkout.path("examples/train-and-serve").toString()).output();

    String made = requireNonNull(namespace.training("iris").awaitSucceeded().modelVersion());
    assertThat(Checkout.text("README.md")).as("the same for everybody").contains(made);
    Isvc isvc = namespace.isvc("iris-champion");
    serves(isvc);
    String first = Isvc.model(isvc.status()).version();

    try (Load load = Load.on(isvc)) {
      String yaml = Checkout.text("examples/train-and-serve/training.yaml");
      String seed = "\"--seed\", \"2\", ";
      namespace.apply(
          yaml.replace("  name: iris\n", "  name: iris-2\n")
              .replace("[--epochs", "[" + seed + "--epochs"));
      String second = namespace.training("iris-2").awaitSucceeded().modelVersion();
      assertThat(second).isNotEqualTo(first);
      isvc.await(
          "serves the second version",
          status -> second.equals(requireNonNull(status.traffic()).getFirst().version()));
      isvc.awaitSettled();
      load.awaitMoreLike(isvc.predict(Prediction.REQUEST));

      assertThat(load.report().errors()).isEmpty();
      assertThat(load.report().failed()).isZero();
      assertThat(load.report().answers()).hasSize(2);
    }
  }

  private Isvc apply(String example, Map<String, String> filledIn, String name) {
    String yaml = Checkout.text("examples/" + example + "/isvc.yaml");
    for (Map.Entry<String, String> entry : filledIn.entrySet()) {
      assertThat(yaml).contains(entry.getKey());
      yaml = yaml.replace(entry.getKey(), entry.getValue());
    }
    namespace.apply(yaml);
    return namespace.isvc(name);
  }

  private static String asYaml(Map<String, String> secret) {
    StringBuilder lines = new StringBuilder();
    secret.forEach((key, value) ->
        lines
            .append(lines.isEmpty() ? "" : "\n  ")
            .append("%s: \"%s\"".formatted(key, value.replace("\n", "\\n"))));
    return lines.toString();
  }

  private static void serves(Isvc isvc) {
    isvc.awaitReady();
    assertThat(isvc.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);
  }
}
