package dev.modelweir.server.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.server.TestModels;
import dev.modelweir.server.engine.Device;
import dev.modelweir.server.repository.ModelRepository.Entry;
import dev.modelweir.server.repository.ModelRepository.State;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.schedule.Completion;
import dev.modelweir.server.schedule.QueuePolicy;
import dev.modelweir.server.schedule.Ticket;
import dev.modelweir.server.schedule.Workers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRepositoryTest {
  private static final LoadRequest PLAIN = LoadRequest.PLAIN;

  @TempDir private Path root;
  @AutoClose private final Workers workers = new Workers(2);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void servesEveryModelBelowTheFolder() throws Exception {
    put("twice", "3", "double");
    put("twice", "11", "triple");
    Files.createDirectories(root.resolve("plain"));
    Files.copy(TestModels.file("double"), root.resolve("plain/model.onnx"));
    put(".hidden", "1", "double");
    put("upload.tmp", "1", "double");

    try (ModelRepository models = started(0)) {
      assertThat(models.ready()).isTrue();
      assertThat(models.index())
          .containsExactly(
              new Entry("plain", "1", State.READY, ""), new Entry("twice", "11", State.READY, ""));
      assertThat(answer(models, "twice", null)).isEqualTo(3);
      assertThat(answer(models, "plain", "1")).isEqualTo(2);
      assertCode(() -> models.require("twice", "3"), Code.NOT_FOUND);
      assertCode(() -> models.require("twice", "x"), Code.NOT_FOUND);
      assertCode(() -> models.require("rose", null), Code.NOT_FOUND);
      assertCode(() -> models.require("../twice", null), Code.NOT_FOUND);
    }
  }

  @Test
  void followsTheVersionPolicy() throws Exception {
    for (String version : List.of("1", "2", "10")) {
      put("all", version, "double");
      put("two", version, "double");
      put("some", version, "double");
    }
    config("all", "{\"version_policy\": {\"all\": {}}}");
    config("two", "{\"version_policy\": {\"latest\": {\"num_versions\": 2}}}");
    config("some", "{\"version_policy\": {\"specific\": {\"versions\": [1, 7]}}}");

    try (ModelRepository models = started(0)) {
      assertThat(versions(models, "all")).containsExactly("1", "2", "10");
      assertThat(versions(models, "two")).containsExactly("2", "10");
      assertThat(versions(models, "some")).containsExactly("1");
    }
  }

  @Test
  void oneBrokenModelLeavesTheOthersAlone() throws Exception {
    put("good", "1", "double");
    put("bad", "1", "corrupt");
    put("odd", "1", "double");
    config("odd", "{\"max_batch_size\": \"many\"}");
    Files.createDirectories(root.resolve("empty/1"));

    try (ModelRepository models = started(0)) {
      assertThat(answer(models, "good", null)).isEqualTo(2);
      assertThat(models.index())
          .filteredOn(entry -> entry.state() == State.UNAVAILABLE)
          .extracting(Entry::name)
          .containsExactly("bad", "empty", "odd");
      assertThat(reason(models, "bad")).contains("cannot be served");
      assertThat(reason(models, "empty")).contains("no *.onnx file");
      assertThat(reason(models, "odd")).contains("configuration");
      assertCode(() -> models.require("bad", null), Code.UNAVAILABLE);
    }
  }

  @Test
  void loadsAndUnloadsByRequest() throws Exception {
    put("m", "1", "double");
    try (ModelRepository models = repository(0)) {
      models.start(false);
      assertThat(models.ready()).isTrue();
      assertCode(() -> models.require("m", null), Code.UNAVAILABLE);

      models.load("m", PLAIN).get();
      assertThat(answer(models, "m", null)).isEqualTo(2);
      put("m", "2", "triple");
      models.load("m", PLAIN).get();
      assertThat(answer(models, "m", null)).isEqualTo(3);

      models.unload("m").get();
      assertCode(() -> models.require("m", null), Code.UNAVAILABLE);
      assertThat(reason(models, "m")).isEqualTo("unloaded");
      assertThat(registry.getMeters()).filteredOn(m -> m.getId().getTag("model") != null).isEmpty();
      assertFails(models.unload("rose"), Code.NOT_FOUND);
      assertFails(models.load("rose", PLAIN), Code.INVALID);
    }
  }

  /** What is served stays served when its replacement cannot be. */
  @Test
  void aFailedReloadChangesNothing() throws Exception {
    put("m", "1", "double");
    try (ModelRepository models = started(0)) {
      put("m", "2", "corrupt");
      assertFails(models.load("m", PLAIN), Code.INVALID);
      assertThat(answer(models, "m", null)).isEqualTo(2);
      assertThat(versions(models, "m")).containsExactly("1");
    }
  }

  @Test
  void takesFilesFromTheRequest() throws Exception {
    put("m", "1", "double");
    byte[] triple = Files.readAllBytes(TestModels.file("triple"));
    try (ModelRepository models = started(0)) {
      models.load("m", new LoadRequest("{}", Map.of("7/model.onnx", triple))).get();
      assertThat(versions(models, "m")).containsExactly("7");
      assertThat(answer(models, "m", "7")).isEqualTo(3);
      assertThatThrownBy(() -> new LoadRequest("{}", Map.of("1/../../x", triple)))
          .hasMessageContaining("must name VERSION/FILE");
      assertThatThrownBy(() -> new LoadRequest(null, Map.of("1/model.onnx", triple)))
          .hasMessageContaining("\"config\"");
    }
  }

  @Test
  void makesRoomAndBringsBackWhatIsAskedFor() throws Exception {
    put("a", "1", "double");
    put("b", "1", "triple");
    put("c", "1", "double");
    config("c", "{\"pinned\": true}");
    long limit = 2 * Files.size(TestModels.file("triple"));
    try (ModelRepository models = repository(limit)) {
      models.start(false);
      models.load("c", PLAIN).get();
      models.load("a", PLAIN).get();
      models.load("b", PLAIN).get();
      assertThat(versions(models, "a")).isEmpty();
      assertThat(reason(models, "a")).contains("to make room");
      assertThat(models.loadedBytes()).isLessThanOrEqualTo(limit);

      models.check("a", null);
      assertThat(answer(models, "a", null)).isEqualTo(2);
      assertThat(versions(models, "b")).isEmpty();
      assertThat(versions(models, "c")).containsExactly("1");
    }
  }

  /** An inference would be answered, so who asks first whether it would must not be turned away. */
  @Test
  void whatTheNextRequestBringsBackIsReady() throws Exception {
    try (ModelRepository models = withoutRoomForA(1000)) {
      assertThat(versions(models, "a")).isEmpty();
      assertThat(models.answers("a", null)).isTrue();
      assertThat(models.answers("a", "1")).isTrue();
      assertThat(models.answers("a", "2")).as("a version that was never served").isFalse();
      assertThat(models.answers("b", null)).isTrue();
      assertCode(() -> models.answers("c", null), Code.NOT_FOUND);

      assertThat(answer(models, "a", null)).isEqualTo(2);
      assertThat(models.answers("a", null)).isTrue();
      assertThat(models.answers("b", null)).isTrue();

      models.unload("b").get();
      assertThat(models.answers("b", null)).isFalse();
    }
  }

  /** Clients ask what a model takes before they ask it for anything. */
  @Test
  void askingWhatAModelTakesBringsItBack() throws Exception {
    try (ModelRepository models = withoutRoomForA(1000)) {
      assertThat(models.metadata("a", null).get(20, TimeUnit.SECONDS).versions())
          .containsExactly("1");
      assertThat(versions(models, "a")).containsExactly("1");
    }
  }

  @Test
  void isNotReadyWhenNothingThatWasThereCanBeServed() throws Exception {
    put("bad", "1", "corrupt");
    try (ModelRepository models = started(0)) {
      assertThat(models.ready()).isFalse();
      put("good", "1", "double");
      models.load("good", PLAIN).get();
      assertThat(models.ready()).isTrue();
      models.unload("good").get();
      assertThat(models.ready()).as("as when it had been there at start").isTrue();
    }
    try (ModelRepository models = repository(0)) {
      models.start(false);
      assertThat(models.ready()).as("nothing was to be loaded").isTrue();
    }
  }

  @Test
  void refusesToLoadWhenTooMuchWaits() throws Exception {
    put("heavy", "1", "heavy");
    try (ModelRepository models = started(0)) {
      List<CompletableFuture<Void>> orders = new ArrayList<>();
      for (int i = 0; i < 110; i++) {
        orders.add(models.load("heavy", PLAIN));
      }
      assertFails(orders.getLast(), Code.OVERLOADED);
      long refused = orders.stream().filter(CompletableFuture::isCompletedExceptionally).count();
      assertThat(refused).isBetween(1L, 10L);
    }
  }

  @Test
  void whatCannotComeBackIsNotReadyUntilItDoes() throws Exception {
    try (ModelRepository models = withoutRoomForA(1000)) {
      Path file = root.resolve("a").resolve("1").resolve("model.onnx");
      byte[] whole = Files.readAllBytes(file);
      Files.writeString(file, "damaged");
      assertThat(models.answers("a", null)).as("nobody can know yet").isTrue();
      assertAnswerFails(models, Code.UNAVAILABLE, "failed to load");
      assertThat(models.answers("a", null)).isFalse();

      Files.write(file, whole);
      models.load("a", PLAIN).get();
      assertThat(models.answers("a", null)).isTrue();
      models.load("b", PLAIN).get();
      assertThat(versions(models, "a")).isEmpty();
      assertThat(models.answers("a", null)).isTrue();
    }
  }

  @Test
  void whatWasNeverLoadedIsNotReady() throws Exception {
    put("a", "1", "double");
    try (ModelRepository models = repository(0)) {
      models.start(false);
      assertThat(models.answers("a", null)).isFalse();
    }
  }

  @Test
  void makesRoomByTheOrderOfUse() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      put(name, "1", "double");
    }
    try (ModelRepository models = repository(2 * Files.size(TestModels.file("double")))) {
      models.start(false);
      models.load("a", PLAIN).get();
      models.load("b", PLAIN).get();
      answer(models, "a", null);
      models.load("c", PLAIN).get();
      assertThat(served(models)).containsExactly("a", "c");

      answer(models, "a", null);
      answer(models, "b", null);
      assertThat(served(models)).containsExactly("a", "b");
      answer(models, "c", null);
      assertThat(served(models)).containsExactly("b", "c");

      models.unload("a").get();
      assertThat(reason(models, "a")).isEqualTo("unloaded");
      assertCode(() -> answer(models, "a", null), Code.UNAVAILABLE);
    }
  }

  /** There is room before the next model is loaded, not after. */
  @Test
  void neverHoldsMoreThanTheLimit() throws Exception {
    put("a", "1", "heavy");
    put("b", "1", "heavy");
    long one = Files.size(TestModels.file("heavy"));
    try (ModelRepository models = repository(one)) {
      models.start(false);
      models.load("a", PLAIN).get();
      CompletableFuture<Void> loading = models.load("b", PLAIN);
      await().until(() -> state(models, "b") == State.LOADING);
      assertThat(served(models)).isEmpty();
      assertThat(loading).isNotDone();
      loading.get();
      assertThat(served(models)).containsExactly("b");
    }
  }

  @Test
  void countsWeightsInFilesOfTheirOwn() throws Exception {
    putExternal("1");
    try (ModelRepository models = started(0)) {
      assertThat(models.loadedBytes())
          .isEqualTo(
              Files.size(TestModels.file("external"))
                  + Files.size(TestModels.folder("external").resolve("model.onnx.data")));
    }
  }

  @Test
  void oneLoadBringsAModelBackForAllWhoWait() throws Exception {
    try (ModelRepository models = withoutRoomForA(1000);
        var clients = Executors.newFixedThreadPool(32)) {
      List<Future<Float>> answers = new ArrayList<>();
      List<CompletableFuture<ServedVersion>> versions =
          Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < 32; i++) {
        answers.add(
            clients.submit(() -> {
              versions.add(models.whenServed("a", null, Arrival.now()));
              return answer(models, "a", null);
            }));
      }
      for (Future<Float> answer : answers) {
        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(2);
      }
      assertThat(versions.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }
  }

  @Test
  void aModelReturnsAfterALoadThatFailed() throws Exception {
    try (ModelRepository models = withoutRoomForA(1000)) {
      Path file = root.resolve("a/1/model.onnx");
      Files.write(file, Files.readAllBytes(TestModels.file("corrupt")));
      assertAnswerFails(models, Code.UNAVAILABLE, "cannot be served");
      assertThat(reason(models, "a")).contains("cannot be served");

      Files.write(file, Files.readAllBytes(TestModels.file("triple")));
      await().ignoreExceptions().until(() -> answer(models, "a", null) == 3);
      assertThat(versions(models, "a")).containsExactly("1");
    }
  }

  @Test
  void waitsForAModelOnlyWithinBounds() throws Exception {
    put("heavy", "1", "heavy");
    try (ModelRepository models = withoutRoomForA(2)) {
      // The one loader is busy for a while.
      CompletableFuture<Void> busy = models.load("heavy", PLAIN);
      CompletableFuture<Float> patient = new CompletableFuture<>();
      CompletableFuture<Float> leaving = new CompletableFuture<>();
      CompletableFuture<Float> hasty = new CompletableFuture<>();
      models.submit("a", null, one(Map.of()), Arrival.now(), completing(patient));
      Ticket ticket = models.submit("a", null, one(Map.of()), Arrival.now(), completing(leaving));
      assertCode(() -> answer(models, "a", null), Code.OVERLOADED);

      ticket.cancel();
      assertFails(leaving, Code.CANCELLED);
      models.submit("a", null, one(Map.of("timeout", 1000L)), Arrival.now(), completing(hasty));
      assertFails(hasty, Code.TOO_LATE);

      assertThat(busy).isNotDone();
      assertThat(patient.get(60, TimeUnit.SECONDS)).isEqualTo(2);
    }
  }

  /** By its own word in {@code config.json}, when the request says nothing. */
  @Test
  void waitsForAModelNoLongerThanItGrants() throws Exception {
    put("heavy", "1", "heavy");
    put("a", "1", "double");
    config(
        "a",
        "{\"dynamic_batching\":{\"default_queue_policy\":{\"default_timeout_microseconds\":1000}}}");
    try (ModelRepository models = withoutRoomForA(1000)) {
      // The one loader is busy for a while.
      CompletableFuture<Void> busy = models.load("heavy", PLAIN);
      CompletableFuture<Float> answer = new CompletableFuture<>();
      models.submit("a", null, one(Map.of()), Arrival.now(), completing(answer));

      assertFails(answer, Code.TOO_LATE);
      assertThat(busy).isNotDone();
    }
  }

  @Test
  void staysReadyWhileModelsAreLoadedAgain() throws Exception {
    put("m", "1", "heavy");
    try (ModelRepository models = started(0)) {
      put("m", "2", "heavy");
      CompletableFuture<Void> loading = models.load("m", PLAIN);
      await().until(() -> models.index().contains(new Entry("m", "2", State.LOADING, "")));
      assertThat(models.ready()).isTrue();
      assertThat(models.busy()).isTrue();
      assertThat(models.index()).contains(new Entry("m", "1", State.READY, ""));
      assertThat(loading).isNotDone();
      loading.get();
      assertThat(models.index()).containsExactly(new Entry("m", "2", State.READY, ""));
      await().until(() -> !models.busy());
    }
  }

  /** Half-written versions do not stand in the way of those before them. */
  @Test
  void passesOverVersionsThatCannotBeLoaded() throws Exception {
    put("m", "1", "double");
    put("m", "2", "corrupt");
    Files.createDirectories(root.resolve("m/3"));
    putExternal("1");
    Files.delete(putExternal("2"));
    Path truncated = putExternal("3");
    Files.write(truncated, Arrays.copyOf(Files.readAllBytes(truncated), 1000));

    try (ModelRepository models = started(0)) {
      assertThat(models.ready()).isTrue();
      assertThat(answer(models, "m", null)).isEqualTo(2);
      assertThat(versions(models, "external")).containsExactly("1");
      assertThat(models.index())
          .extracting(Entry::name, Entry::version, Entry::state)
          .containsExactly(
              tuple("external", "1", State.READY),
              tuple("external", "2", State.UNAVAILABLE),
              tuple("external", "3", State.UNAVAILABLE),
              tuple("m", "1", State.READY),
              tuple("m", "2", State.UNAVAILABLE),
              tuple("m", "3", State.UNAVAILABLE));
      assertThat(models.index())
          .filteredOn(entry -> entry.state() == State.UNAVAILABLE)
          .extracting(Entry::reason)
          .satisfiesExactly(
              missing -> assertThat(missing).contains("cannot be served", "model.onnx.data"),
              cut -> assertThat(cut).contains("cannot be served", "file_length: 1000"),
              corrupt -> assertThat(corrupt).contains("cannot be served"),
              empty -> assertThat(empty).contains("no *.onnx file"));

      // What is complete by now is served at the next load.
      Files.copy(TestModels.file("triple"), root.resolve("m/3/model.onnx"));
      models.load("m", PLAIN).get();
      assertThat(answer(models, "m", null)).isEqualTo(3);
      assertThat(models.index()).contains(new Entry("m", "3", State.READY, ""));
    }
  }

  @Test
  void anUnexpectedFailureIsAReasonAsWell() throws Exception {
    put("good", "1", "double");
    put("odd", "1", "double");
    Files.write(root.resolve("odd/config.json"), new byte[] {(byte) 0xff});
    try (ModelRepository models = started(0)) {
      assertThat(models.ready()).isTrue();
      assertThat(answer(models, "good", null)).isEqualTo(2);
      assertThat(state(models, "odd")).isEqualTo(State.UNAVAILABLE);
      assertThat(reason(models, "odd")).contains("MalformedInputException");
      assertFails(models.load("odd", PLAIN), Code.INVALID);
    }
  }

  /** 100 swaps between two versions with different answers, under load from many threads. */
  @Test
  void swapsWithoutAFailedOrMixedAnswer() throws Exception {
    put("m", "1", "double");
    put("m", "2", "triple");
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong answered = new AtomicLong();
    try (ModelRepository models = started(0);
        var clients = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        running.add(
            clients.submit(() -> {
              while (!over.get()) {
                assertThat(answer(models, "m", null)).isIn(2f, 3f);
                answered.incrementAndGet();
              }
              return null;
            }));
      }
      for (int swap = 0; swap < 100; swap++) {
        String only = "{\"version_policy\":{\"specific\":{\"versions\":[%d]}}}";
        models.load("m", new LoadRequest(only.formatted(1 + swap % 2), Map.of())).get();
        assertThat(answer(models, "m", null)).isEqualTo(2 + swap % 2);
      }
      over.set(true);
      for (Future<?> client : running) {
        client.get(20, TimeUnit.SECONDS);
      }
    }
    assertThat(answered.get()).isGreaterThan(100);
  }

  /** "a" was unloaded to make room for "b". */
  private ModelRepository withoutRoomForA(int queueSize) throws Exception {
    if (!Files.exists(root.resolve("a"))) {
      put("a", "1", "double");
    }
    put("b", "1", "double");
    ModelRepository models = repository(Files.size(TestModels.file("double")), queueSize);
    models.start(false);
    models.load("a", PLAIN).get();
    models.load("b", PLAIN).get();
    assertThat(reason(models, "a")).contains("to make room");
    return models;
  }

  private ModelRepository started(long limit) {
    ModelRepository models = repository(limit);
    models.start(true);
    return models;
  }

  private ModelRepository repository(long limit) {
    return repository(limit, 1000);
  }

  private ModelRepository repository(long limit, int queueSize) {
    var settings =
        new VersionLoader.Settings(
            new Device.Cpu(),
            0,
            QueuePolicy.of(64, Duration.ZERO, queueSize, Duration.ZERO),
            Duration.ofMillis(20),
            Optional.empty());
    return new ModelRepository(
        new ModelStore.Folder(root), new VersionLoader(workers, registry, settings), limit);
  }

  private void put(String name, String version, String model) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name).resolve(version));
    Files.copy(TestModels.file(model), folder.resolve("model.onnx"));
  }

  /** Puts a version whose weights are in a file of their own, and says where. */
  private Path putExternal(String version) throws IOException {
    put("external", version, "external");
    Path data = root.resolve("external").resolve(version).resolve("model.onnx.data");
    return Files.copy(TestModels.folder("external").resolve("model.onnx.data"), data);
  }

  private void config(String name, String json) throws IOException {
    Files.writeString(root.resolve(name).resolve("config.json"), json);
  }

  private static List<String> served(ModelRepository models) {
    return models.all().map(ServedVersion::name).sorted().toList();
  }

  private static State state(ModelRepository models, String name) {
    return models.index().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private static List<String> versions(ModelRepository models, String name) {
    return models.all().filter(v -> v.name().equals(name)).map(ServedVersion::version).toList();
  }

  private static String reason(ModelRepository models, String name) {
    return models.index().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow()
        .reason();
  }

  /** What the model makes of one. */
  private static float answer(ModelRepository models, String name, String version) {
    CompletableFuture<Float> answer = new CompletableFuture<>();
    models.submit(name, version, one(Map.of()), Arrival.now(), completing(answer));
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static InferRequest one(Map<String, Object> parameters) {
    ByteBuffer data = TensorAllocator.garbageCollected().allocate(Float.BYTES).putFloat(0, 1);
    Tensor one = new Tensor("x", DataType.FP32, Shape.of(1, 1), data);
    return new InferRequest(null, List.of(one), List.of(), parameters);
  }

  private static Completion completing(CompletableFuture<Float> answer) {
    return new Completion() {
      @Override
      public void succeeded(InferResponse response) {
        answer.complete(response.outputs().getFirst().data().getFloat(0));
      }

      @Override
      public void send() {}

      @Override
      public void failed(InferenceException failure) {
        answer.completeExceptionally(failure);
      }
    };
  }

  private static void assertAnswerFails(ModelRepository models, Code code, String why) {
    CompletableFuture<Float> answer = new CompletableFuture<>();
    models.submit("a", null, one(Map.of()), Arrival.now(), completing(answer));
    assertFails(answer, code);
    assertThatThrownBy(answer::join).hasMessageContaining(why);
  }

  private static void assertCode(Runnable action, Code code) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            InferenceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static void assertFails(CompletableFuture<?> future, Code code) {
    assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            InferenceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
