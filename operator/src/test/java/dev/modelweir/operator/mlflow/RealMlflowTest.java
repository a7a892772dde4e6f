package dev.modelweir.operator.mlflow;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.LineageMlflow;
import dev.modelweir.api.v1alpha1.LocalReference;
import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.ModelVersionSpec;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.mlflow.plan.AliasPlan;
import dev.modelweir.operator.mlflow.plan.AliasPlan.Target;
import dev.modelweir.operator.mlflow.plan.Measurement;
import dev.modelweir.operator.mlflow.plan.RunPlan;
import dev.modelweir.operator.mlflow.plan.RunStatus;
import dev.modelweir.operator.mlflow.plan.VersionPlan;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.FlakyServer;
import dev.modelweir.operator.testing.MlflowServer;
import dev.modelweir.operator.testing.Registry;
import dev.modelweir.operator.testing.TrainedIris;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an MLflow server, as PyPI has it, holds of trainings and models. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealMlflowTest {

  private static final String HEX = "6f1c2a9b04".repeat(6) + "abcd";
  private static final Instant STARTED = Instant.parse("2026-11-24T11:00:00Z");
  private static final Instant ENDED = Instant.parse("2026-11-24T11:30:00Z");

  private static final String FLOWERS =
      "{description: %s, mlflow: {registeredModel: flowers, aliases: [champion],"
          + " credentialsSecretRef: {name: s3}, sourcePrefix: 's3://models/flowers/'}}";
  private static final Duration UNTIL_ASKED_AGAIN = Duration.ofMinutes(2);

  @TempDir private static Path folder;
  private MlflowServer server;
  private MlflowClient mlflow;

  @BeforeAll
  void start() throws Exception {
    server = MlflowServer.start(folder);
    mlflow = new MlflowClient(server.url(), Optional.empty());
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
      mlflow.close();
    }
  }

  @Test
  void aTrainingIsARunAndItsModelAVersionWithItsAlias() throws Exception {
    try (ApiServer api = new ApiServer()) {
      TrainedIris iris = new TrainedIris(api.user());
      iris.node("node-1", 4);
      String id;
      try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
        iris.train(
            "{workers: 2, output: {model: iris, storageUri: 'pvc://models', alias: champion}}");
        iris.runs(0, 2);
        eventually(() -> assertThat(said(iris.status().conditions())).startsWith("Tracking: run "));
        JsonNode run = run("default/iris", iris.resource().get().getMetadata().getUid());
        assertThat(run.path("info").path("status").asText()).isEqualTo("RUNNING");
        assertThat(run.path("info").path("run_name").asText()).isEqualTo("iris");
        assertThat(map(run.path("data").path("params")))
            .contains(entry("image", "trainer:v1"), entry("workers", "2"));
        id = run.path("info").path("run_id").asText();
        iris.report(50, ", step: 7, metrics: [{name: loss, value: '0.5'}]");
        eventually(() -> assertThat(points(id, "loss")).containsExactly("7: 0.5"));
        assertThat(operator.reconciles()).isPositive();
      }

      Registry registry = Registry.on(api);
      try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
        iris.complete(0);
        iris.published(
            """
            {"uri": "file:///mnt/modelweir/store/iris/sha256-%s/model.onnx", "digest": "sha256:%s",
             "sizeBytes": 9, "metrics": {"accuracy": 0.97}}
            """
                .formatted(HEX, HEX));
        eventually(() -> assertThat(iris.phase()).isEqualTo(TrainingPhase.SUCCEEDED));
        eventually(() -> assertThat(said(iris.status().conditions())).startsWith("Tracked: run "));
        eventually(() ->
            assertThat(said(version(registry, "iris-6f1c2a9b04")))
                .isEqualTo("Tracked: version 1 of default.iris"));
        eventually(() ->
            assertThat(said(status(registry).conditions()))
                .startsWith("Tracked: default.iris has champion=iris-6f1c2a9b04 ("));
        assertThat(operator.reconciles()).isPositive();
      }

      JsonNode finished = run("default/iris", iris.resource().get().getMetadata().getUid());
      assertThat(finished.path("info").path("run_id").asText()).isEqualTo(id);
      assertThat(finished.path("info").path("status").asText()).isEqualTo("FINISHED");
      assertThat(points(id, "accuracy")).containsExactly("0: 0.97");
      assertThat(points(id, "loss")).containsExactly("7: 0.5");
      JsonNode version = alias("default.iris", "champion");
      assertThat(version.path("source").asText())
          .isEqualTo("pvc://models/iris/sha256-%s/model.onnx".formatted(HEX));
      assertThat(version.path("run_id").asText()).isEqualTo(id);
      assertThat(map(version.path("tags")))
          .contains(
              entry("digest", "sha256:" + HEX),
              entry("modelweir.dev/modelversion", "iris-6f1c2a9b04"));
    }
  }

  @Test
  void whoeverDeletesATrainingKillsItsRun() throws Exception {
    try (ApiServer api = new ApiServer()) {
      TrainedIris iris = new TrainedIris(api.user(), "wine");
      iris.node("node-1", 4);
      try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
        iris.train("{workers: 1}");
        iris.runs(0, 1);
        eventually(() -> assertThat(said(iris.status().conditions())).startsWith("Tracking: "));
        String uid = iris.resource().get().getMetadata().getUid();
        iris.resource().delete();
        eventually(() ->
            assertThat(run("default/wine", uid).path("info").path("status").asText())
                .isEqualTo("KILLED"));
        assertThat(operator.reconciles()).isPositive();
      }
    }
  }

  /** The server made the run, and nobody learnt of it. */
  @Test
  void anAnswerThatGetsLostMakesNoSecondRunOrVersion() throws Exception {
    try (FlakyServer proxy = new FlakyServer(server.url());
        MlflowClient client = new MlflowClient(proxy.url(), Optional.empty())) {
      Runs runs = new Runs(client);
      RunPlan plan = plan("lost", Optional.empty(), Optional.empty());
      proxy.lose("experiments/create", 504, "gone");
      proxy.lose("runs/create", 504, "gone");
      refused(() -> runs.carryOut(plan));
      refused(() -> runs.carryOut(plan));
      String id = runs.carryOut(plan);
      assertThat(runs.carryOut(plan)).isEqualTo(id);
      assertThat(all("team/lost")).hasSize(1);

      RegisteredModels models = new RegisteredModels(client, "ours");
      VersionPlan version = version("lost", "u-lost");
      proxy.lose("registered-models/create", 504, "gone");
      proxy.lose("model-versions/create", 504, "gone");
      refused(() -> models.register(version, Optional.of(id)));
      refused(() -> models.register(version, Optional.of(id)));
      assertThat(models.register(version, Optional.of(id))).isEqualTo("1");
    }
  }

  @Test
  void aRunEndsOnceWithItsLastMetrics() throws Exception {
    Runs runs = new Runs(mlflow);
    RunPlan ended =
        plan("ends", loss("-1e-05", 7), Optional.of(new RunPlan.End(RunStatus.FAILED, ENDED)));
    String id = runs.carryOut(plan("ends", loss("0.5", 6), Optional.empty()));
    assertThat(runs.carryOut(ended)).isEqualTo(id);
    assertThat(runs.carryOut(ended)).isEqualTo(id);
    JsonNode run = run("team/ends", "u-ends");
    assertThat(run.path("info").path("status").asText()).isEqualTo("FAILED");
    assertThat(run.path("info").path("end_time").asLong()).isEqualTo(ENDED.toEpochMilli());
    assertThat(run.path("info").path("start_time").asLong()).isEqualTo(STARTED.toEpochMilli());
    assertThat(points(id, "loss")).containsExactly("6: 0.5", "7: -1.0E-5");
  }

  /** A curve, told point by point; a point that is told twice stays one. */
  @Test
  void whatWorkersMeasureIsAddedWhileTheyRun() throws Exception {
    Runs runs = new Runs(mlflow);
    String id = runs.carryOut(plan("curve", Optional.empty(), Optional.empty()));
    assertThat(points(id, "loss")).isEmpty();
    runs.carryOut(plan("curve", loss("0.5", 1), Optional.empty()));
    runs.carryOut(plan("curve", loss("0.5", 1), Optional.empty()));
    runs.carryOut(plan("curve", loss("0.25", 2), Optional.empty()));
    assertThat(points(id, "loss")).containsExactly("1: 0.5", "2: 0.25");
    assertThat(run("team/curve", "u-curve").path("info").path("status").asText())
        .isEqualTo("RUNNING");
  }

  /** Somebody tidied up there; that is no failure, and nothing is made anew. */
  @Test
  void aRunThatWasDeletedThereIsLeftAlone() throws Exception {
    Runs runs = new Runs(mlflow);
    String id = runs.carryOut(plan("tidied", Optional.empty(), Optional.empty()));
    mlflow.post("runs/delete", Map.of("run_id", id));
    RunPlan.End end = new RunPlan.End(RunStatus.FINISHED, ENDED);
    assertThat(runs.carryOut(plan("tidied", loss("0.5", 1), Optional.of(end)))).isEqualTo(id);
    assertThat(runs.find("team/tidied", "u-tidied")).isEmpty();
    assertThat(all("team/tidied")).isEmpty();
  }

  @Test
  void aliasesFollowAndThoseOfOthersStay() throws Exception {
    RegisteredModels models = new RegisteredModels(mlflow, "ours");
    String first = models.register(version("moves", "u-1"), Optional.empty());
    String second = models.register(version("moves", "u-2"), Optional.empty());
    mlflow.post(
        "registered-models/alias",
        Map.of("name", "team.moves", "alias", "theirs", "version", first));

    assertThat(align(models, Map.of("champion", "u-1", "next", "u-2"))).isEmpty();
    assertThat(aliases("team.moves"))
        .containsOnly(entry("champion", first), entry("next", second), entry("theirs", first));

    assertThat(align(models, Map.of("champion", "u-2"))).isEmpty();
    assertThat(aliases("team.moves"))
        .containsOnly(entry("champion", second), entry("theirs", first));

    // One whose version is not there stays as it is, and holds up no other.
    assertThat(align(models, Map.of("champion", "u-3", "next", "u-1"))).contains("champion");
    assertThat(aliases("team.moves"))
        .containsOnly(entry("champion", second), entry("next", first), entry("theirs", first));

    assertThat(align(models, Map.of())).isEmpty();
    assertThat(aliases("team.moves")).containsOnly(entry("theirs", first));
  }

  /** Both have a namespace `team` with a Model `shared`. */
  @Test
  void whatAnotherClusterOwnsIsLeftToIt() throws Exception {
    RegisteredModels ours = new RegisteredModels(mlflow, "ours");
    RegisteredModels theirs = new RegisteredModels(mlflow, "theirs");
    String first = theirs.register(version("shared", "u-theirs"), Optional.empty());
    theirs.align(plan("team.shared", Map.of("champion", "u-theirs")));

    assertThat(refused(() -> ours.register(version("shared", "u-ours"), Optional.empty())))
        .contains("belongs to another cluster", "`theirs`", "`ours`");
    assertThat(refused(() -> ours.align(plan("team.shared", Map.of("champion", "u-ours")))))
        .contains("belongs to another cluster");
    assertThat(ours.align(plan("team.shared", Map.of()))).isEmpty();
    assertThat(aliases("team.shared")).containsOnly(entry("champion", first));

    // One that was made from a version there needs nothing there.
    VersionPlan copy = version("shared", "u-copy", Optional.of(first));
    assertThat(ours.register(copy, Optional.empty())).isEqualTo(first);
    assertThat(map(alias("team.shared", "champion").path("tags")))
        .contains(entry("modelweir.dev/uid", "u-theirs"));

    // Once its owner has let go of it, it is ours.
    mlflow.delete(
        "registered-models/delete-tag",
        Map.of("name", "team.shared", "key", "modelweir.dev/owner"));
    assertThat(ours.register(version("shared", "u-ours"), Optional.empty())).isEqualTo("2");
    assertThat(refused(() -> theirs.register(version("shared", "u-theirs-2"), Optional.empty())))
        .contains("belongs to another cluster");
  }

  /** A ModelVersion was deleted, and another one got its name before MLflow was told of it. */
  @Test
  void anAliasNeverGoesToANamesake() throws Exception {
    RegisteredModels models = new RegisteredModels(mlflow, "ours");
    String old = models.register(named("again", "u-old", "again-v1"), Optional.empty());
    AliasPlan wanted = plan("team.again", Map.of("champion", "u-new"));
    assertThat(models.align(wanted)).contains("champion");
    assertThat(aliases("team.again")).isEmpty();
    String anew = models.register(named("again", "u-new", "again-v1"), Optional.empty());
    assertThat(models.align(wanted)).isEmpty();
    assertThat(aliases("team.again")).containsOnly(entry("champion", anew));
    assertThat(anew).isNotEqualTo(old);
  }

  /** A process dies between two writes, and what is wanted changes back. */
  @Test
  void anAlignmentThatWasHalfDoneIsDoneAnew() throws Exception {
    try (ApiServer api = new ApiServer();
        FlakyServer proxy = new FlakyServer(server.url())) {
      Registry lily = new Registry(api.user(), "lily");
      lily.register("lily-a");
      lily.register("lily-b");
      lily.apply("{aliases: {champion: lily-a}}");
      try (RunningOperator operator = RunningOperator.start(api.operator(), proxy.url())) {
        eventually(
            () -> assertThat(lily.tracked()).startsWith("default.lily has champion=lily-a ("));
        assertThat(operator.reconciles()).isPositive();
      }
      String a = aliases("default.lily").get("champion");
      proxy.silenceAfter("registered-models/alias");
      try (RunningOperator operator = RunningOperator.start(api.operator(), proxy.url())) {
        lily.apply("{aliases: {champion: lily-b}}");
        eventually(() -> assertThat(aliases("default.lily").get("champion")).isNotEqualTo(a));
        assertThat(lily.trackedReason()).isEqualTo("TrackingPending");
        assertThat(operator.reconciles()).isPositive();
      }
      // The next process that tells MLflow finds all as it was before.
      lily.apply("{aliases: {champion: lily-a}}");
      try (RunningOperator operator = RunningOperator.start(api.operator())) {
        eventually(() -> assertThat(lily.aliases()).isEqualTo("champion=lily-a"));
        assertThat(operator.reconciles()).isPositive();
      }
      try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
        eventually(() -> assertThat(lily.trackedReason()).isEqualTo("Tracked"));
        assertThat(aliases("default.lily")).containsOnly(entry("champion", a));
        assertThat(operator.reconciles()).isPositive();
      }
    }
  }

  /** It is in use, so its alias must find it there. */
  @Test
  void aVersionWhoseDeletionWaitsIsRegistered() throws Exception {
    try (ApiServer api = new ApiServer()) {
      Registry aster = new Registry(api.user(), "aster");
      aster.register("aster-a");
      aster.apply("{aliases: {champion: aster-a}}");
      try (RunningOperator operator = RunningOperator.start(api.operator())) {
        eventually(() -> assertThat(aster.usersOf("aster-a")).isEqualTo("champion"));
        aster.version("aster-a").delete();
        eventually(() -> assertThat(aster.said("aster-a")).startsWith("InUse: "));
        assertThat(operator.reconciles()).isPositive();
      }
      try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
        eventually(
            () -> assertThat(aster.tracked()).startsWith("default.aster has champion=aster-a ("));
        assertThat(aliases("default.aster")).containsOnly(entry("champion", "1"));
        assertThat(operator.reconciles()).isPositive();
      }
    }
  }

  @Test
  void aVersionThatWaitsForItsRunSaysSo() throws Exception {
    try (ApiServer api = new ApiServer();
        FlakyServer proxy = new FlakyServer(server.url())) {
      TrainedIris iris = new TrainedIris(api.user(), "pansy");
      iris.node("node-1", 4);
      proxy.refuse("runs/search", 403, "no runs today");
      try (RunningOperator operator = RunningOperator.start(api.operator(), proxy.url())) {
        iris.train("{workers: 1}");
        iris.runs(0, 1);
        eventually(
            () -> assertThat(said(iris.status().conditions())).startsWith("TrackingFailed: "));
        Registry pansy = new Registry(api.user(), "pansy");
        pansy.register(
            "pansy-a",
            "lineage: {trainingJob: {name: pansy, uid: %s}}"
                .formatted(iris.resource().get().getMetadata().getUid()));
        eventually(() ->
            assertThat(said(version(pansy, "pansy-a")))
                .startsWith(
                    "TrackingPending: waits until MLflow has the run of TrainingJob pansy"));
        pansy.apply("{aliases: {champion: pansy-a}}");
        eventually(() ->
            assertThat(pansy.tracked())
                .startsWith("alias champion waits until ModelVersion pansy-a is registered"));
        assertThat(iris.events()).doesNotContain("Warning TrackingPending");
        assertThat(operator.reconciles()).isPositive();
      }
    }
  }

  /** A person moves an alias in MLflow, and the Model here follows. */
  @Test
  void aModelFollowsAnAlias() throws Exception {
    mlflow.post("registered-models/create", Map.of("name", "flowers"));
    String first = theirs("s3://models/flowers/1.onnx", Map.of("digest", "sha256:" + HEX));
    String second =
        theirs("s3://models/flowers/2.onnx", Map.of("digest", "sha256:" + "2".repeat(64)));
    String third = theirs("s3://models/flowers/3.onnx", Map.of());
    move(first);
    try (ApiServer api = new ApiServer();
        RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
      Registry tulip = new Registry(api.user(), "tulip");
      tulip.apply(FLOWERS.formatted("at first"));
      eventually(() -> assertThat(tulip.aliases()).isEqualTo("champion=tulip-6f1c2a9b04"));
      ModelVersionSpec made = tulip.version("tulip-6f1c2a9b04").get().getSpec();
      assertThat(made.storageUri()).isEqualTo("s3://models/flowers/1.onnx");
      assertThat(made.credentialsSecretRef()).isEqualTo(new LocalReference("s3"));
      assertThat(Objects.requireNonNull(made.lineage()).mlflow())
          .isEqualTo(new LineageMlflow("flowers", first));

      move(second);
      await()
          .atMost(UNTIL_ASKED_AGAIN)
          .until(() -> tulip.aliases().equals("champion=tulip-2222222222"));

      // A change of the Model is a reason to ask at once.
      move(third);
      tulip.apply(FLOWERS.formatted("asked"));
      eventually(() ->
          assertThat(tulip.said())
              .startsWith("NotImportable: alias champion: version 3 of flowers in MLflow: it has"));
      assertThat(tulip.aliases()).isEqualTo("champion=tulip-2222222222");

      move(first);
      tulip.apply(FLOWERS.formatted("asked again"));
      eventually(() -> assertThat(tulip.aliases()).isEqualTo("champion=tulip-6f1c2a9b04"));
      assertThat(tulip.versions()).containsExactly("tulip-2222222222", "tulip-6f1c2a9b04");
      assertThat(aliases("flowers")).containsOnly(entry("champion", first));
      assertThat(operator.reconciles()).isPositive();
    }
  }

  /** What was registered from here is found again and not made a second time. */
  @Test
  void whatCameFromHereIsNotImported() throws Exception {
    try (ApiServer api = new ApiServer();
        RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
      Registry rose = new Registry(api.user(), "rose");
      rose.register("rose-by-hand");
      rose.apply("{aliases: {champion: rose-by-hand}}");
      eventually(
          () -> assertThat(rose.tracked()).startsWith("default.rose has champion=rose-by-hand ("));
      assertThat(aliases("default.rose")).containsOnly(entry("champion", "1"));

      rose.apply("{mlflow: {registeredModel: default.rose, aliases: [champion]}}");
      eventually(
          () -> assertThat(rose.decided()).isEqualTo("MLflow names version 1 of default.rose"));
      assertThat(rose.aliases()).isEqualTo("champion=rose-by-hand");
      assertThat(rose.versions()).containsExactly("rose-by-hand");
      // It is theirs from now on, so nobody here takes it back.
      assertThat(aliases("default.rose")).containsOnly(entry("champion", "1"));
      assertThat(operator.reconciles()).isPositive();
    }
  }

  private String theirs(String source, Map<String, String> tags) throws MlflowException {
    return mlflow
        .post(
            "model-versions/create",
            Map.of("name", "flowers", "source", source, "tags", Runs.pairs(tags)))
        .path("model_version")
        .path("version")
        .asText();
  }

  private void move(String version) throws MlflowException {
    mlflow.post(
        "registered-models/alias",
        Map.of("name", "flowers", "alias", "champion", "version", version));
  }

  private static Optional<String> align(RegisteredModels models, Map<String, String> uids)
      throws MlflowException {
    return models.align(plan("team.moves", uids));
  }

  private static AliasPlan plan(String model, Map<String, String> uids) {
    Map<String, Target> wanted = new HashMap<>();
    uids.forEach((alias, uid) -> wanted.put(alias, new Target("v", Optional.of(uid))));
    return new AliasPlan(model, wanted, Set.of(), List.of());
  }

  private interface Asking {
    Object ask() throws MlflowException;
  }

  private static String refused(Asking asking) {
    return assertThatExceptionOfType(MlflowException.class).isThrownBy(asking::ask).actual().said();
  }

  private static Optional<Measurement> loss(String value, long step) {
    return Optional.of(
        new Measurement(List.of(new Metric("loss", value)), step, STARTED.plusSeconds(step)));
  }

  private static RunPlan plan(
      String name, Optional<Measurement> latest, Optional<RunPlan.End> end) {
    return new RunPlan(
        "team/" + name,
        name,
        "u-" + name,
        STARTED,
        Map.of("modelweir.dev/uid", "u-" + name),
        Map.of("image", "trainer:v1"),
        latest.stream().toList(),
        end);
  }

  private static VersionPlan version(String model, String uid) {
    return version(model, uid, Optional.empty());
  }

  private static VersionPlan version(String model, String uid, Optional<String> origin) {
    return version(model, uid, model + "-" + uid, origin);
  }

  private static VersionPlan named(String model, String uid, String name) {
    return version(model, uid, name, Optional.empty());
  }

  private static VersionPlan version(
      String model, String uid, String name, Optional<String> origin) {
    return new VersionPlan(
        "team." + model,
        "s3://models/%s/model.onnx".formatted(model),
        uid,
        Map.of("modelweir.dev/uid", uid, "modelweir.dev/modelversion", name),
        origin,
        Optional.empty(),
        new Measurement(List.of(), 0, ENDED));
  }

  private JsonNode run(String experiment, String uid) throws MlflowException {
    List<JsonNode> found =
        all(experiment).stream()
            .filter(run -> uid.equals(map(run.path("data").path("tags")).get("modelweir.dev/uid")))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private List<JsonNode> all(String experiment) throws MlflowException {
    JsonNode found = mlflow.get("experiments/get-by-name", Map.of("experiment_name", experiment));
    return mlflow
        .post(
            "runs/search",
            Map.of(
                "experiment_ids", List.of(found.path("experiment").path("experiment_id").asText())))
        .path("runs")
        .valueStream()
        .toList();
  }

  /** The points of a metric, each as {@code STEP: VALUE}. */
  private List<String> points(String run, String metric) throws MlflowException {
    return mlflow
        .get("metrics/get-history", Map.of("run_id", run, "metric_key", metric))
        .path("metrics")
        .valueStream()
        .map(point -> point.path("step").asLong() + ": " + point.path("value").asDouble())
        .sorted()
        .toList();
  }

  private JsonNode alias(String model, String alias) throws MlflowException {
    return mlflow
        .get("registered-models/alias", Map.of("name", model, "alias", alias))
        .path("model_version");
  }

  private Map<String, String> aliases(String model) throws MlflowException {
    Map<String, String> aliases = new HashMap<>();
    mlflow
        .get("registered-models/get", Map.of("name", model))
        .path("registered_model")
        .path("aliases")
        .forEach(
            alias -> aliases.put(alias.path("alias").asText(), alias.path("version").asText()));
    return aliases;
  }

  private static RegisteredModelStatus status(Registry registry) {
    return Objects.requireNonNull(registry.model().get().getStatus());
  }

  private static @Nullable List<Condition> version(Registry registry, String name) {
    ModelVersion version = registry.version(name).get();
    return version.getStatus() == null ? null : version.getStatus().conditions();
  }

  private static String said(@Nullable List<Condition> conditions) {
    return Tracking.said(conditions)
        .map(condition -> condition.reason() + ": " + condition.message())
        .orElse("");
  }

  private static Map<String, String> map(JsonNode pairs) {
    Map<String, String> map = new HashMap<>();
    pairs.forEach(pair -> map.put(pair.path("key").asText(), pair.path("value").asText()));
    return map;
  }
}
