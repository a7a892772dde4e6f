package dev.modelweir.operator.registry;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.Iris;
import dev.modelweir.operator.testing.Registry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Models, versions and services that follow them, with the whole control loop. */
class RegistryTest {

  private static final String FOLLOWS =
      "{model: {format: ONNX, aliasRef: {model: iris, alias: champion}}, replicas: 1}";
  private static final String PASSED = "promotion: {alias: champion, passed: true, message: good}";

  private final ApiServer api = new ApiServer();
  private final Registry registry = Registry.on(api);
  private final Iris iris = Iris.on(api);
  private RunningOperator operator = RunningOperator.start(api.operator());

  @AfterEach
  void stop() {
    operator.close();
    api.close();
  }

  @Test
  void anAliasThatMovesRollsTheServiceAndTheOldRevisionAnswersMeanwhile() {
    registry.register("iris-a");
    registry.register("iris-b");
    registry.apply("{aliases: {champion: iris-a}}");
    String old = serveAlias();
    assertThat(iris.status().orElseThrow().model().version()).isEqualTo("iris-a");

    registry.apply("{aliases: {champion: iris-b}}");
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/RollingOut"));
    assertThat(iris.answering()).isEqualTo(old);
    eventually(() -> assertThat(registry.usersOf("iris-a")).isEqualTo("iris"));
    eventually(() -> assertThat(registry.usersOf("iris-b")).isEqualTo("champion,iris"));

    String revision = iris.deployments().getLast().getMetadata().getName();
    iris.pods(revision, 1, 1);
    eventually(() -> assertThat(iris.onlyDeployment()).isEqualTo(revision));
    eventually(() -> assertThat(iris.ready()).isEqualTo("True/Ready"));
    eventually(() -> assertThat(registry.usersOf("iris-a")).isEmpty());
  }

  @Test
  void whatMlflowNamesIsRegisteredAndServed() {
    registry.register("iris-a");
    registry.apply("{aliases: {champion: iris-a}}");
    serveAlias();
    registry.apply("{mlflow: {registeredModel: flowers, aliases: [champion]}}");
    eventually(
        () -> assertThat(registry.said()).startsWith("AliasNotFound: alias champion: MLflow"));
    assertThat(registry.aliases()).isEqualTo("champion=iris-a");

    registry.answered(
        "[{name: champion, version: '4', storageUri: 's3://models/4.onnx', digest: 'sha256:%s'}]"
            .formatted("4".repeat(64)));
    eventually(() -> assertThat(registry.aliases()).isEqualTo("champion=iris-4444444444"));
    eventually(() -> assertThat(registry.usersOf("iris-4444444444")).isEqualTo("champion,iris"));
    assertThat(registry.said()).isEqualTo("Reconciled: 2 versions and 1 alias");

    registry.answered("[{name: champion, version: '5', message: it has no tag}]");
    eventually(() -> assertThat(registry.said()).startsWith("NotImportable: alias champion:"));
    assertThat(registry.aliases()).isEqualTo("champion=iris-4444444444");
    assertThat(registry.versions()).containsExactly("iris-4444444444", "iris-a");
  }

  @Test
  void aVersionThatPassesItsGateMovesTheAlias() {
    registry.apply("{}");
    registry.register("iris-a", PASSED);
    eventually(() -> assertThat(registry.aliases()).isEqualTo("champion=iris-a"));
    serveAlias();
    registry.register("iris-b", "promotion: {alias: champion, passed: false, message: bad}");
    eventually(() -> assertThat(iris.events()).contains("Warning NotPromoted 1"));
    assertThat(registry.aliases()).isEqualTo("champion=iris-a");
    assertThat(iris.ready()).isEqualTo("True/Ready");
  }

  @Test
  void aServiceWaitsForItsModelAndStartsWhenItComes() {
    iris.apply(FOLLOWS);
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/AliasNotFound"));
    registry.apply("{aliases: {champion: iris-a}}");
    eventually(() -> assertThat(iris.events()).contains("Warning VersionNotFound 1"));
    registry.register("iris-a");
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/Starting"));
  }

  @Test
  void aServiceWaitsForTheVersionThatItNames() {
    iris.apply("{model: {format: ONNX, versionRef: {name: iris-a}}}");
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/VersionNotFound"));
    registry.register("iris-a");
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/Starting"));
  }

  @Test
  void aVersionInUseIsHeldAndSaysByWhom() {
    registry.register("iris-a");
    registry.apply("{aliases: {champion: iris-a}}");
    serveAlias();
    eventually(() -> assertThat(registry.usersOf("iris-a")).isEqualTo("champion,iris"));
    registry.version("iris-a").delete();
    eventually(() ->
        assertThat(registry.said("iris-a"))
            .startsWith("InUse: deletion waits")
            .contains("alias champion of Model iris, InferenceService iris"));
    eventually(() -> assertThat(iris.events()).contains("Warning InUse 1"));

    registry.apply("{}");
    eventually(() -> assertThat(registry.usersOf("iris-a")).isEqualTo("iris"));
    iris.resource().delete();
    eventually(() -> assertThat(registry.versions()).isEmpty());
  }

  @Test
  void aModelThatAServiceFollowsIsHeldAndSaysByWhom() {
    registry.register("iris-a");
    registry.apply("{aliases: {champion: iris-a}}");
    serveAlias();
    registry.model().delete();
    eventually(() ->
        assertThat(registry.said())
            .startsWith("InUse: deletion waits")
            .contains("followed by InferenceService iris"));
    eventually(() -> assertThat(iris.events()).contains("Warning InUse 1"));
    assertThat(registry.aliases()).isEqualTo("champion=iris-a");
    assertThat(iris.ready()).isEqualTo("True/Ready");

    iris.resource().delete();
    eventually(() -> assertThat(registry.model().get()).isNull());
    assertThat(registry.versions()).containsExactly("iris-a");
  }

  @Test
  void aModelThatNobodyFollowsGoesAtOnce() {
    registry.apply("{}");
    eventually(() -> assertThat(registry.said()).startsWith("Reconciled"));
    registry.model().delete();
    eventually(() -> assertThat(registry.model().get()).isNull());
    assertThat(api.requestsOfOperator())
        .as("a watch may lag, so the API server is asked before it goes for good")
        .anyMatch(request ->
            request.method().equals("GET")
                && request.path().endsWith("/namespaces/default/inferenceservices"));
  }

  @Test
  void aVersionThatNobodyUsesGoesAtOnce() {
    registry.register("iris-a");
    eventually(() -> assertThat(registry.said("iris-a")).startsWith("Registered"));
    registry.version("iris-a").delete();
    eventually(() -> assertThat(registry.versions()).isEmpty());
    assertThat(api.requestsOfOperator())
        .as("a watch may lag, so the API server is asked before it goes for good")
        .anyMatch(request ->
            request.method().equals("GET")
                && request.path().endsWith("/namespaces/default/inferenceservices"))
        .anyMatch(request -> request.path().endsWith("/namespaces/default/models"));
  }

  @Test
  void retentionDeletesWhatIsOldAndUnused() {
    registry.register("iris-a");
    registry.register("iris-b");
    registry.register("iris-c");
    registry.apply("{aliases: {champion: iris-b}, retention: {keepLast: 1}}");
    eventually(() -> assertThat(registry.versions()).hasSize(2).contains("iris-b"));
    eventually(() -> assertThat(iris.events()).contains("Normal Retired 1"));
  }

  @Test
  void nothingIsWrittenAtRestNorByARestart() {
    registry.register("iris-a", PASSED);
    registry.apply("{}");
    serveAlias();
    eventually(() -> assertThat(registry.usersOf("iris-a")).isEqualTo("champion,iris"));
    eventually(() ->
        assertThat(registry.model().get().getStatus().followers())
            .extracting(follower -> follower.version())
            .isEqualTo(List.of("iris-a")));
    operator.close();
    int writes = api.writesOfOperator().size();
    operator = RunningOperator.start(api.operator());
    eventually(() -> assertThat(operator.reconciles()).isGreaterThanOrEqualTo(3));
    assertThat(api.writesOfOperator()).hasSize(writes);
  }

  /** Serves what the alias stands for, alone and ready; the name of the revision. */
  private String serveAlias() {
    iris.apply(FOLLOWS);
    eventually(() -> assertThat(iris.onlyDeployment()).startsWith("iris-"));
    String revision = iris.onlyDeployment();
    iris.pods(revision, 1, 1);
    eventually(() -> assertThat(iris.ready()).isEqualTo("True/Ready"));
    return revision;
  }
}
