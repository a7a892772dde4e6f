package dev.modelweir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.EndpointWatch;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.load.Load;
import dev.modelweir.e2e.servers.Downloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Versions, aliases, and services that follow them. */
@EndToEnd
@Order(5)
class RegistryIT {
  private static final String FOLLOWS =
      """
      model:
        format: ONNX
        aliasRef: {model: %s, alias: champion}
      replicas: 2
      """;

  private final TestNamespace namespace;

  RegistryIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  /** Both models on one volume, each where its version says. */
  @BeforeAll
  static void storeModels(EmbeddedCluster cluster, TestNamespace namespace) throws Exception {
    Path folder = cluster.hostPathFolder().resolve(namespace.name());
    for (String tag : new String[] {"v1", "v2"}) {
      Files.createDirectories(folder.resolve(tag));
      Files.copy(Checkout.irisModel(tag), folder.resolve(tag + "/model.onnx"));
    }
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
  }

  @Test
  void anAliasThatMovesRollsTheServiceWithoutAFailedRequest() throws Exception {
    register("rolls", "rolls-v1", "v1", "");
    register("rolls", "rolls-v2", "v2", "");
    model("rolls", "aliases: {champion: rolls-v1}");
    Isvc isvc = namespace.isvc("rolls").apply(FOLLOWS.formatted("rolls"));
    isvc.awaitSettled();
    assertThat(Isvc.model(isvc.status()).version()).isEqualTo("rolls-v1");
    try (Load load = Load.on(isvc);
        EndpointWatch endpoints = new EndpointWatch(isvc)) {
      model("rolls", "aliases: {champion: rolls-v2}");
      isvc.await(
          "serves the other version",
          status -> "rolls-v2".equals(requireNonNull(status.traffic()).getFirst().version()));
      isvc.awaitSettled();
      load.awaitMoreLike(isvc.predict(Prediction.REQUEST));

      assertThat(load.report().errors()).isEmpty();
      assertThat(load.report().failed()).isZero();
      assertThat(load.report().answers()).hasSize(2);
      assertThat(endpoints.fewest()).isPositive();
    }
    awaitOutput("", "get", "mv/rolls-v1", "-o", "jsonpath={.status.usedBySummary}");
  }

  @Test
  void aVersionThatPassesItsGateIsServedAndOneThatDoesNotIsExplained() throws Exception {
    model("gated", "description: moved by gates");
    Isvc isvc = namespace.isvc("gated").apply(FOLLOWS.formatted("gated"));
    isvc.awaitReason(Reason.ALIAS_NOT_FOUND);
    register(
        "gated", "gated-v1", "v1", "promotion: {alias: champion, passed: true, message: good}");
    isvc.awaitReady();
    register(
        "gated", "gated-v2", "v2", "promotion: {alias: champion, passed: false, message: bad}");
    awaitOutput(
        "gated-v1 passed its gate: good; gated-v2 was not promoted: bad",
        "get",
        "mdl/gated",
        "-o",
        "jsonpath={.status.aliases[0].message}");
    assertThat(Isvc.model(isvc.status()).version()).isEqualTo("gated-v1");
  }

  @Test
  void aVersionInUseStaysUntilNobodyUsesIt() throws Exception {
    register("held", "held-v1", "v1", "");
    model("held", "aliases: {champion: held-v1}");
    Isvc isvc =
        namespace.isvc("held").apply("model: {format: ONNX, versionRef: {name: held-v1}}\n");
    isvc.awaitReady();
    namespace.kubectl("delete", "mv/held-v1", "--wait=false").output();
    awaitOutput(
        "InUse",
        "get",
        "mv/held-v1",
        "-o",
        "jsonpath={.status.conditions[?(@.type=='Ready')].reason}");
    assertThat(namespace.kubectl("describe", "mv/held-v1").output())
        .contains("alias champion of Model held", "InferenceService held");
    namespace.kubectl("delete", "pod", "-l", "modelweir.dev/inference-service=held").output();
    isvc.awaitSettled();

    namespace.kubectl("delete", "mdl/held", "isvc/held").output();
    awaitOutput("", "get", "mv/held-v1", "--ignore-not-found", "-o", "name");
  }

  @Test
  void aModelThatAServiceFollowsStaysUntilNobodyFollowsIt() throws Exception {
    register("followed", "followed-v1", "v1", "");
    model("followed", "aliases: {champion: followed-v1}");
    Isvc isvc = namespace.isvc("followed").apply(FOLLOWS.formatted("followed"));
    isvc.awaitReady();
    namespace.kubectl("delete", "mdl/followed", "--wait=false").output();
    awaitOutput(
        "InUse",
        "get",
        "mdl/followed",
        "-o",
        "jsonpath={.status.conditions[?(@.type=='Ready')].reason}");
    assertThat(namespace.kubectl("describe", "mdl/followed").output())
        .contains("followed by InferenceService followed");
    isvc.predict(Prediction.REQUEST);

    namespace.kubectl("delete", "isvc/followed").output();
    awaitOutput("", "get", "mdl/followed", "--ignore-not-found", "-o", "name");
    assertThat(versions("followed")).containsExactly("followed-v1");
  }

  @Test
  void retentionKeepsTheNewestAndWhatIsUsed() throws Exception {
    for (String version : List.of("kept-1", "kept-2", "kept-3", "kept-4")) {
      register("kept", version, "v1", "");
    }
    Isvc isvc = namespace.isvc("kept").apply("model: {format: ONNX, versionRef: {name: kept-2}}\n");
    isvc.awaitReady();
    model("kept", "retention: {keepLast: 1}\n  aliases: {champion: kept-1}");

    awaitOutput("", "get", "mv/kept-3", "--ignore-not-found", "-o", "name");
    Await.until(
        "the Model says which version it let go",
        Isvc.PATIENCE,
        () -> namespace.kubectl("describe", "mdl/kept").output(),
        text -> text.contains("ModelVersion kept-3 was deleted"));
    assertThat(versions("kept")).containsExactlyInAnyOrder("kept-1", "kept-2", "kept-4");
    isvc.predict(Prediction.REQUEST);

    namespace.kubectl("delete", "isvc/kept").output();
    model("kept", "retention: {keepLast: 1}\n  aliases: {champion: kept-4}");
    awaitOutput("", "get", "mv/kept-1", "mv/kept-2", "--ignore-not-found", "-o", "name");
    assertThat(versions("kept")).containsExactly("kept-4");
  }

  private List<String> versions(String model) {
    return namespace.model(model).versions().stream()
        .map(version -> version.getMetadata().getName())
        .toList();
  }

  private void model(String name, String spec) {
    namespace.apply(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: Model
        metadata: {name: %s}
        spec:
          %s
        """
            .formatted(name, spec));
  }

  private void register(String model, String name, String tag, String more) throws Exception {
    namespace.apply(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: ModelVersion
        metadata: {name: %s}
        spec:
          model: %s
          format: ONNX
          storageUri: pvc://models/%s/model.onnx
          digest: %s
          %s
        """
            .formatted(name, model, tag, Downloads.digest(Checkout.irisModel(tag)), more));
  }

  private void awaitOutput(String output, String... kubectl) {
    Await.until(
        String.join(" ", kubectl) + " prints `" + output + "`",
        Isvc.PATIENCE,
        () -> namespace.kubectl(kubectl).output().strip(),
        output::equals);
  }
}
