package dev.modelweir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.Conditions;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.RegisteredModel;
import dev.modelweir.e2e.harness.Release;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.operator.testing.FlakyServer;
import dev.modelweir.operator.testing.MlflowServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * With the real MLflow server, behind a proxy that notes who asks: it is told of trainings,
 * versions and aliases, and Models follow what it says, as far as they may.
 */
@EndToEnd
@Order(16)
class MlflowIT {
  private static final String TOKEN = "e2e-token-that-nobody-may-read";
  private static final String SECRET = "mlflow-e2e";
  private static final String DIGEST = "sha256:" + "5".repeat(64);
  private static final ObjectMapper JSON = new ObjectMapper();

  @AutoClose private static @Nullable MlflowServer server;
  @AutoClose private static @Nullable FlakyServer proxy;
  @AutoClose private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Platform platform;
  private final TestNamespace namespace;

  MlflowIT(Platform platform, TestNamespace namespace) {
    this.platform = platform;
    this.namespace = namespace;
  }

  @BeforeAll
  static void tellMlflow(Platform platform, EmbeddedCluster cluster, TestNamespace namespace)
      throws Exception {
    namespace.claim(cluster, "training");
    server = MlflowServer.start(Files.createTempDirectory(Checkout.path("e2e/target"), "mlflow-"));
    proxy = new FlakyServer(server.url(), InetAddress.ofLiteral("0.0.0.0"));
    Release release = platform.release();
    platform.client().resource(secret(release)).serverSideApply();
    release.apply(
        "mlflow.url=http://%s:%d".formatted(platform.thisMachine(), proxy.port()),
        "mlflow.tokenSecret=" + SECRET,
        "mlflow.allowedModels.%s={flowers}".formatted(namespace.name()));
  }

  private static Secret secret(Release release) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(SECRET)
        .withNamespace(release.namespace())
        .endMetadata()
        .withStringData(Map.of("token", TOKEN))
        .build();
  }

  @AfterAll
  static void tellNobody(Platform platform) {
    Release release = platform.release();
    release.apply();
    platform.client().resource(secret(release)).delete();
  }

  @Test
  void aTrainingIsTrackedAndWhatItMadeIsFollowedAndServed() throws Exception {
    Training training =
        namespace
            .training("iris")
            .apply(
                Trainings.iris("--min-step-millis", "50")
                    + Trainings.output("pvc://training/models", "iris")
                    + """
                      alias: champion
                      metricsGate: [{metric: accuracy, atLeast: "0.5"}]
                    """);
    String name = requireNonNull(training.awaitSucceeded().modelVersion());
    awaitTracked("tj/iris");
    awaitTracked("mv/" + name);
    assertThat(awaitTracked("mdl/iris")).contains("champion=" + name);
    ModelVersion made = namespace.model("iris").madeBy(training);

    String registered = namespace.name() + ".iris";
    JsonNode model = get("registered-models/get", Map.of("name", registered), "registered_model");
    assertThat(pairs(model.path("tags")))
        .containsEntry(
            "modelweir.dev/owner",
            platform.client().namespaces().withName("kube-system").get().getMetadata().getUid());
    JsonNode version =
        get(
            "registered-models/alias",
            Map.of("name", registered, "alias", "champion"),
            "model_version");
    assertThat(version.path("source").asText()).isEqualTo(made.getSpec().storageUri());
    assertThat(pairs(version.path("tags")))
        .containsEntry("digest", made.getSpec().digest())
        .containsEntry("modelweir.dev/modelversion", name);
    JsonNode run = get("runs/get", Map.of("run_id", version.path("run_id").asText()), "run");
    assertThat(run.at("/info/status").asText()).isEqualTo("FINISHED");
    assertThat(run.at("/info/run_name").asText()).isEqualTo("iris");
    assertThat(run.at("/data/metrics").findValuesAsText("key")).contains("accuracy");

    namespace
        .model("follower")
        .apply(
            """
            mlflow: {registeredModel: %s, aliases: [champion], sourcePrefix: pvc://training/models/}
            """
                .formatted(registered));
    Isvc isvc =
        namespace
            .isvc("follower")
            .apply("model: {format: ONNX, aliasRef: {model: follower, alias: champion}}\n");
    isvc.awaitReady();
    assertThat(isvc.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);
    assertThat(Isvc.model(isvc.status()).version()).startsWith("follower-");

    assertThat(requireNonNull(proxy).authorizations()).isNotEmpty().containsOnly("Bearer " + TOKEN);
    nobodyReadsTheToken();
  }

  /** Of what the namespace may not follow, MLflow is not even asked. */
  @Test
  void aModelFollowsOnlyWhatItsNamespaceMay() {
    RegisteredModel model =
        namespace
            .model("curious")
            .apply("mlflow: {registeredModel: others.secret, aliases: [champion]}\n");
    var status =
        model.await(
            "says that it may not",
            seen ->
                Conditions.find(seen.conditions(), ConditionType.READY)
                    .reason()
                    .equals(Reason.NOT_ALLOWED.word()));
    assertThat(Conditions.find(status.conditions(), ConditionType.STALLED).status())
        .isEqualTo("True");
    assertThat(status.mlflow()).isNull();
  }

  @Test
  void aSecretIsSentOnlyToWhereTheModelAllows() throws Exception {
    post("registered-models/create", Map.of("name", "flowers"));
    for (String source : List.of("s3://elsewhere/flowers.onnx", "s3://models/flowers.onnx")) {
      post(
          "model-versions/create",
          Map.of(
              "name",
              "flowers",
              "source",
              source,
              "tags",
              List.of(Map.of("key", "digest", "value", DIGEST))));
    }
    point("1");
    RegisteredModel model =
        namespace
            .model("flowers")
            .apply(
                """
                mlflow:
                  registeredModel: flowers
                  aliases: [champion]
                  credentialsSecretRef: {name: s3-credentials}
                  sourcePrefix: s3://models/
                """);
    model.await(
        "refuses the source",
        seen ->
            Conditions.find(seen.conditions(), ConditionType.READY)
                .reason()
                .equals(Reason.SOURCE_NOT_ALLOWED.word()));
    assertThat(model.versions()).isEmpty();

    point("2");
    model.awaitAlias("champion", "flowers-" + "5".repeat(10));
    assertThat(model.versions())
        .singleElement()
        .satisfies(version ->
            assertThat(version.getSpec().storageUri()).isEqualTo("s3://models/flowers.onnx"));
  }

  private void nobodyReadsTheToken() {
    Release release = platform.release();
    String logs =
        platform
            .kubectl()
            .with("--namespace", release.namespace(), "logs", "--tail=-1")
            .with("-l", "app.kubernetes.io/component=operator")
            .output();
    assertThat(logs).contains("leader").doesNotContain(TOKEN);
    assertThat(
            platform
                .kubectl()
                .with("get", "ai,pods,events,deployments", "-A", "-o", "yaml")
                .output())
        .contains(ConditionType.TRACKED)
        .doesNotContain(TOKEN);
  }

  /** The message of the condition as soon as MLflow has been told all. */
  private String awaitTracked(String object) {
    return Await.until(
            object + " is tracked",
            Training.PATIENCE,
            () -> tracked(object),
            condition -> condition.reason().equals(Reason.TRACKED.word()))
        .message();
  }

  private Condition tracked(String object) {
    try {
      return JSON.readValue(
          namespace
              .kubectl("get", object, "-o", "jsonpath={.status.conditions[?(@.type=='Tracked')]}")
              .output(),
          Condition.class);
    } catch (IOException e) {
      throw new AssertionError(object + " has no condition Tracked", e);
    }
  }

  private static void point(String version) throws Exception {
    post(
        "registered-models/alias",
        Map.of("name", "flowers", "alias", "champion", "version", version));
  }

  private static JsonNode get(String operation, Map<String, String> query, String part)
      throws Exception {
    StringBuilder parameters = new StringBuilder();
    query.forEach((name, value) ->
        parameters
            .append(parameters.isEmpty() ? '?' : '&')
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return answer(HttpRequest.newBuilder(address(operation + parameters)).build()).path(part);
  }

  private static void post(String operation, Map<String, ?> body) throws Exception {
    answer(
        HttpRequest.newBuilder(address(operation))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  private static URI address(String path) {
    return requireNonNull(server).url().resolve("/api/2.0/mlflow/" + path);
  }

  private static JsonNode answer(HttpRequest request) throws Exception {
    HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static Map<String, String> pairs(JsonNode tags) {
    Map<String, String> pairs = new HashMap<>();
    tags.forEach(tag -> pairs.put(tag.path("key").asText(), tag.path("value").asText()));
    return pairs;
  }
}
