package dev.modelweir.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.TestModels;
import dev.modelweir.server.engine.ModelFile;
import dev.modelweir.server.exit.ExitReason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the output of a training to a folder. */
class FolderPublishTest {
  private static final String SIGNATURE =
      """
      {"inputs": [{"name": "input", "datatype": "FP32", "shape": [-1, %d]}],
       "outputs": [{"name": "label", "datatype": "INT64", "shape": [-1]}]}
      """;

  @TempDir Path folder;
  private PublishRun run = new PublishRun(Path.of("target"));
  private String version = "";

  @BeforeEach
  void prepare() throws IOException {
    run = new PublishRun(folder);
    version = "iris/" + Sha256.of(TestModels.file("iris")).replace(':', '-');
  }

  @Test
  void storesTheModelUnderItsDigestWithAllThatDescribesIt() throws IOException {
    run.with("iris.onnx", TestModels.file("iris"))
        .with("metrics.json", "{\"accuracy\": 0.97, \"epochs\": 12, \"note\": \"text\"}")
        .with("plots/loss.csv", "1,2")
        .with(".cache/x", "stays behind");

    JsonObject said =
        run.run("--lineage", "{\"gitRevision\": \"abc\"}", "--signature", SIGNATURE.formatted(4))
            .succeeded();

    assertThat(run.stored())
        .containsExactly(
            version + "/lineage.json",
            version + "/metrics.json",
            version + "/model.onnx",
            version + "/plots/loss.csv",
            version + "/signature.json");
    Path model = run.store.resolve(version).resolve("model.onnx");
    assertThat(model).hasSameBinaryContentAs(TestModels.file("iris"));
    assertThat(said)
        .isEqualTo(
            new JsonObject()
                .put("uri", "file://" + model)
                .put("digest", Sha256.of(model))
                .put("sizeBytes", (int) Files.size(model))
                .put("signature", new JsonObject(stored("signature.json")))
                .put("metrics", new JsonObject().put("accuracy", 0.97).put("epochs", 12)));
    assertThat(new JsonObject(stored("signature.json")).getJsonArray("inputs"))
        .isEqualTo(
            new JsonArray("[{\"name\": \"input\", \"datatype\": \"FP32\", \"shape\": [-1, 4]}]"));
    assertThat(new JsonObject(stored("lineage.json")).getString("gitRevision")).isEqualTo("abc");
    assertThat(run.log).anyMatch(line -> line.contains("metrics.json: note is left out"));
  }

  @Test
  void aSecondTimeSucceedsAndChangesNothing() throws IOException {
    JsonObject first =
        run.with("iris").with("metrics.json", "{\"accuracy\": 0.9}").run().succeeded();
    var written = Files.getLastModifiedTime(run.store.resolve(version).resolve("model.onnx"));

    JsonObject second = run.with("later.txt", "later").run().succeeded();

    assertThat(second).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(run.store.resolve(version).resolve("model.onnx")))
        .isEqualTo(written);
    assertThat(run.stored()).noneMatch(name -> name.contains("later"));
    assertThat(run.log).anyMatch(line -> line.contains("was there already"));
  }

  /** The file of the model is the same then, and only the one with its weights is another. */
  @Test
  void otherWeightsInAFileOfTheirOwnAreAnotherModel() throws IOException {
    Path external = TestModels.folder("external");
    byte[] weights = Files.readAllBytes(external.resolve("model.onnx.data"));
    run.with("best.onnx", external.resolve("model.onnx")).with("model.onnx.data", weights);
    JsonObject first = run.run().succeeded();
    JsonObject again = run.run().succeeded();
    weights[0] ^= 1; // of the mantissa
    JsonObject second = run.with("model.onnx.data", weights).run().succeeded();

    assertThat(again).isEqualTo(first);
    assertThat(second.getString("digest")).isNotEqualTo(first.getString("digest"));
    for (JsonObject said : List.of(first, second)) {
      Path model = Path.of(URI.create(said.getString("uri")));
      assertThat(ModelFile.digest(model)).isEqualTo(said.getString("digest"));
      assertThat(said.getLong("sizeBytes")).isEqualTo(Files.size(model) + weights.length);
    }
    assertThat(run.stored()).filteredOn(name -> name.endsWith("model.onnx.data")).hasSize(2);
  }

  @Test
  void removesWhatPublishersThatWereKilledHaveLeft() throws IOException {
    partial("iris/.partial-sha256-a", Duration.ofHours(2), Duration.ofHours(3));

    run.with("iris").run().succeeded();

    assertThat(run.stored()).containsExactly(version + "/model.onnx", version + "/signature.json");
    assertThat(run.store.resolve("iris/.partial-sha256-a")).doesNotExist();
    assertThat(run.log).anyMatch(line -> line.contains("left by a publisher that was killed"));
  }

  /** What a training left that was deleted before it was published, and nothing of any other. */
  @Test
  void removesTheOutputOfDeletedNamesakes() throws IOException {
    Duration old = Duration.ofDays(8);
    partial(".staging/iris-0123abcd", old, old);
    partial(".staging/iris-11112222", old, old);
    partial(".staging/iris-33334444", old, Duration.ofDays(6));
    partial(".staging/iris-large-11112222", old, old);
    partial(".staging/iris", old, old);
    partial(".staging/wine-11112222", old, old);
    Path link = run.store.resolve(".staging/iris-55556666");
    Files.createSymbolicLink(link, run.store.resolve(".staging/wine-11112222"));

    run.with("iris").run("--staged", ".staging/iris-0123abcd").succeeded();

    assertThat(run.store.resolve(".staging/iris-11112222")).doesNotExist();
    for (String kept :
        List.of("iris-0123abcd", "iris-33334444", "iris-large-11112222", "iris", "wine-11112222")) {
      assertThat(run.store.resolve(".staging").resolve(kept).resolve("model.onnx")).exists();
    }
    assertThat(run.log).anyMatch(line -> line.contains("iris-11112222 was left by a training"));
  }

  @Test
  void removesNoOutputWhenItFails() throws IOException {
    partial(".staging/iris-11112222", Duration.ofDays(8), Duration.ofDays(8));
    run.with("corrupt")
        .run("--staged", ".staging/iris-0123abcd")
        .failed(ExitReason.ModelLoadFailed);
    assertThat(run.store.resolve(".staging/iris-11112222")).exists();
  }

  @Test
  void refusesAStagingFolderThatIsNotOne() {
    for (String wrong : List.of("/iris-0123abcd", "../iris-0123abcd", "iris", ".staging/..")) {
      assertThat(run.with("iris").run("--staged", wrong).exitCode()).isEqualTo(2);
      assertThat(run.log.getLast()).contains("--staged must be");
    }
  }

  /** Its folder is as old as its begin; what it writes is not. */
  @Test
  void leavesWhatAnotherPublisherWrites() throws IOException {
    String other = version.replace("iris/", "iris/.partial-") + "-other";
    partial(other, Duration.ofHours(9), Duration.ofMinutes(1));

    run.with("iris").run().succeeded();

    assertThat(run.stored())
        .containsExactlyInAnyOrder(
            other + "/model.onnx", version + "/model.onnx", version + "/signature.json");
  }

  @Test
  void leavesNothingBehindWhenItFails() throws IOException {
    Files.createDirectories(run.store.resolve(version).resolve("something"));
    run.with("iris").run().failed(ExitReason.StoreFailed);
    try (Stream<Path> left = Files.list(run.store.resolve("iris"))) {
      assertThat(left).containsExactly(run.store.resolve(version));
    }
  }

  private void partial(String folder, Duration begun, Duration written) throws IOException {
    Path partial = Files.createDirectories(run.store.resolve(folder));
    Path half = Files.writeString(partial.resolve("model.onnx"), "half of it");
    Files.setLastModifiedTime(half, FileTime.from(Instant.now().minus(written)));
    Files.setLastModifiedTime(partial, FileTime.from(Instant.now().minus(begun)));
  }

  @Test
  void keepsFilesBesideTheModelInTheirPlace() {
    run.with("export/model.onnx", TestModels.file("iris"))
        .with("export/tokenizer.json", "{}")
        .with("metrics.json", "{}")
        .run()
        .succeeded();

    assertThat(run.stored())
        .containsExactly(
            version + "/metrics.json",
            version + "/model.onnx",
            version + "/signature.json",
            version + "/tokenizer.json");
  }

  @Test
  void saysThatThereIsNoModelOrMoreThanOne() {
    assertThat(run.run().failed(ExitReason.ModelNotFound)).contains("no *.onnx file");

    run.with("a.onnx", TestModels.file("iris")).with("b.onnx", TestModels.file("types"));
    assertThat(run.run().failed(ExitReason.ModelLoadFailed)).contains("a.onnx, b.onnx");
    assertThat(run.stored()).isEmpty();
  }

  @Test
  void refusesAModelThatCannotBeServed() {
    assertThat(run.with("corrupt").run().failed(ExitReason.ModelLoadFailed))
        .contains("model.onnx cannot be served");
    assertThat(run.stored()).isEmpty();
  }

  @Test
  void refusesAnotherSignatureThanTheDeclaredOne() {
    assertThat(
            run.with("iris")
                .run("--signature", SIGNATURE.formatted(5))
                .failed(ExitReason.SignatureMismatch))
        .contains("it takes \"input\" FP32 [-1,4] instead of \"input\" FP32 [-1,5]");
    assertThat(run.stored()).isEmpty();
  }

  @Test
  void asksTheModelTheSample() {
    String sample =
        "{\"inputs\":[{\"name\":\"%s\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}";
    run.with("iris").with("sample.json", sample.formatted("input")).run().succeeded();

    assertThat(
            run.with("sample.json", sample.formatted("x"))
                .run()
                .failed(ExitReason.SignatureMismatch))
        .contains("sample.json is no request to this model", "\"input\" is missing");
  }

  @Test
  void refusesAModelThatAnswersTheSampleWithoutANumber() {
    String zero =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[0]}]}";
    assertThat(
            run.with("reciprocal")
                .with("sample.json", zero)
                .run()
                .failed(ExitReason.ModelLoadFailed))
        .contains("NaN or infinity in \"y\"");
  }

  @Test
  void writesReferenceStatisticsOfTheValidationData() throws IOException {
    run.with("iris")
        .with("validation.csv", "length,width,size,age,label\n1,2,3,4,a\n2,2,,4,b\n")
        .run()
        .succeeded();

    JsonArray columns = new JsonObject(stored("reference.json")).getJsonArray("columns");
    assertThat(columns.stream().map(column -> ((JsonObject) column).getString("name")))
        .containsExactly("length", "width", "size", "age");
    assertThat(columns.getJsonObject(0).getDouble("mean")).isEqualTo(1.5);
    assertThat(columns.getJsonObject(2).getInteger("missing")).isEqualTo(1);
  }

  @Test
  void refusesValidationDataOfOtherColumns() {
    assertThat(
            run.with("iris")
                .with("validation.csv", "length,width\n1,2\n")
                .run()
                .failed(ExitReason.PublishFailed))
        .contains("[length, width]", "takes 4 of them in \"input\"");
  }

  @Test
  void refusesMetricsThatAreNoJson() {
    assertThat(run.with("iris").with("metrics.json", "97 %").run().failed(ExitReason.PublishFailed))
        .contains("metrics.json must hold one JSON object");
  }

  @Test
  void noticesThatWhatIsStoredWasDamaged() throws IOException {
    run.with("iris").run().succeeded();
    Files.writeString(run.store.resolve(version).resolve("model.onnx"), "damaged");

    assertThat(run.run().failed(ExitReason.DigestMismatch)).contains("was damaged");
  }

  @Test
  void saysThatTheStoreCannotBeWritten() throws IOException {
    Files.writeString(run.store, "a file where the folder should be");

    assertThat(run.with("iris").run().failed(ExitReason.StoreFailed))
        .contains("could not be written", run.store.toString());
  }

  /** On a file system of 1 MiB, which only root can make. */
  @Test
  void saysThatTheDiskIsFull() throws Exception {
    Files.createDirectories(run.store);
    assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", run.store.toString()));
    try {
      run.with("iris").with("weights.bin", new byte[2_000_000]);

      assertThat(run.run().failed(ExitReason.DiskFull)).contains("bytes, the volume at", "free");
      assertThat(run.stored()).isEmpty();
    } finally {
      command("umount", run.store.toString());
    }
  }

  private static boolean command(String... words) throws IOException, InterruptedException {
    return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
  }

  @Test
  void explainsItself() {
    assertThat(run.run("--what", "x").exitCode()).isEqualTo(2);
    assertThat(run.log.getLast()).contains("unknown argument \"--what\"", "publish --help");
    assertThat(
            new PublishCommand(run.environment, run.log::add, null, null, 1).run(List.of("--help")))
        .isZero();
    assertThat(run.log.getLast()).contains("Usage: publish --from DIR");
  }

  private String stored(String name) throws IOException {
    return Files.readString(run.store.resolve(version).resolve(name));
  }
}
