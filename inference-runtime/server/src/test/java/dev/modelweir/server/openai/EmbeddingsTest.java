package dev.modelweir.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.modelweir.server.Client;
import dev.modelweir.server.TestModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings as a client sees them, held against the same computed by hand. */
@QuarkusTest
@TestProfile(EmbeddingsTest.Encoders.class)
public class EmbeddingsTest {
  public static final class Encoders implements QuarkusTestProfile {
    private static final Path MODELS =
        Path.of("src/test/resources/dev/modelweir/server/openai/models");

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "modelweir.model-repository", repository().toString(),
          "modelweir.max-body-size", "256K",
          "quarkus.http.test-port", "0",
          "quarkus.management.test-port", "0");
    }

    private static Path repository() {
      try {
        Path repository = Files.createTempDirectory(Path.of("target"), "openai-models");
        copy(MODELS.resolve("encoder"), repository.resolve("encoder/1"));
        copy(MODELS.resolve("sentences"), repository.resolve("sentences/1"));
        copy(MODELS.resolve("maskless"), repository.resolve("maskless/1"));
        copy(TestModels.folder("iris"), repository.resolve("iris/1"));
        // As people download it: the model in a folder of its own, the tokenizer above.
        copy(MODELS.resolve("encoder"), repository.resolve("hub/1"));
        Path onnx = Files.createDirectories(repository.resolve("hub/1/onnx"));
        Files.move(repository.resolve("hub/1/model.onnx"), onnx.resolve("model.onnx"));
        copy(MODELS.resolve("encoder"), repository.resolve("replaced/1"));
        copy(MODELS.resolve("encoder"), repository.resolve("hasty/1"));
        Files.writeString(
            repository.resolve("hasty/config.json"),
            "{\"dynamic_batching\":{\"default_queue_policy\":{\"default_timeout_microseconds\":1}}}");
        Path bare = Files.createDirectories(repository.resolve("bare/1"));
        Files.copy(MODELS.resolve("encoder/model.onnx"), bare.resolve("model.onnx"));
        return repository.toAbsolutePath();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void copy(Path from, Path to) throws IOException {
      Files.createDirectories(to);
      try (Stream<Path> files = Files.list(from)) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
  }

  /** {@code [CLS] the river flows to the sea [SEP]}. */
  private static final int[] RIVER = {2, 4, 5, 6, 7, 4, 8, 3};

  /** {@code [CLS] a bird sings [SEP]}. */
  private static final int[] BIRD = {2, 9, 10, 11, 3};

  private Client client;

  @ConfigProperty(name = "modelweir.model-repository")
  Path models;

  @ConfigProperty(name = "test.url")
  URI server;

  @BeforeEach
  void ready() {
    client = new Client(URI.create(server.toString().replaceFirst("/$", "")));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> client.get("/v2/health/ready").statusCode() == 200);
  }

  // --- by hand ---

  private static double weight(int i, int j) {
    return ((i * 7 + j * 5) % 11 - 5) / 5.0;
  }

  /** Attention over the tokens, their mean, and its length scaled to 1. */
  private static double[] encoded(int... ids) {
    double[] mean = new double[4];
    for (int query : ids) {
      double[] weights = new double[ids.length];
      for (int k = 0; k < ids.length; k++) {
        double product = 0;
        for (int j = 0; j < 4; j++) {
          product += weight(query, j) * weight(ids[k], j);
        }
        weights[k] = Math.exp(product / 2);
      }
      double sum = Arrays.stream(weights).sum();
      for (int j = 0; j < 4; j++) {
        double seen = weight(query, j);
        for (int k = 0; k < ids.length; k++) {
          seen += weights[k] / sum * weight(ids[k], j);
        }
        mean[j] += seen / ids.length;
      }
    }
    double norm = Math.sqrt(Arrays.stream(mean).map(value -> value * value).sum());
    return Arrays.stream(mean).map(value -> value / norm).toArray();
  }

  /** The sum over the tokens, each with the weight of the first segment. */
  private static double[] summed(int... ids) {
    return IntStream.range(0, 4)
        .mapToDouble(j -> Arrays.stream(ids).mapToDouble(id -> weight(id, j) + weight(3, j)).sum())
        .toArray();
  }

  // --- what the server says ---

  private JsonObject embed(String body, int status) {
    HttpResponse<String> response = client.post("/v1/embeddings", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return new JsonObject(response.body());
  }

  private static double[] vector(JsonObject answer, int place) {
    JsonObject entry = answer.getJsonArray("data").getJsonObject(place);
    assertThat(entry.getInteger("index")).isEqualTo(place);
    return entry.getJsonArray("embedding").stream()
        .mapToDouble(value -> ((Number) value).doubleValue())
        .toArray();
  }

  private static void assertClose(double[] actual, double[] expected) {
    assertThat(actual).hasSize(expected.length).containsExactly(expected, within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"encoder", "hub"})
  void embedsAText(String model) {
    JsonObject answer =
        embed("{\"model\":\"%s\",\"input\":\"The river flows to the sea\"}".formatted(model), 200);

    assertClose(vector(answer, 0), encoded(RIVER));
    assertThat(answer.getString("object")).isEqualTo("list");
    assertThat(answer.getString("model")).isEqualTo(model);
    assertThat(answer.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(8);
    assertThat(answer.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(8);
  }

  @Test
  void aModelWithoutMaskSeesNothingButTheText() {
    JsonObject answer =
        embed(
            "{\"model\":\"maskless\",\"input\":[\"The river flows to the sea\",\"a bird sings\"]}",
            200);

    assertClose(vector(answer, 0), encoded(RIVER));
    assertClose(vector(answer, 1), encoded(BIRD));
  }

  @Test
  void shortensVectorsToTheDimensionsAskedFor() {
    double[] whole = encoded(RIVER);
    double norm = Math.hypot(whole[0], whole[1]);

    JsonObject answer =
        embed(
            "{\"model\":\"encoder\",\"input\":\"The river flows to the sea\",\"dimensions\":2}",
            200);

    assertClose(vector(answer, 0), new double[] {whole[0] / norm, whole[1] / norm});
  }

  @Test
  void embedsTextsOfDifferentLengthsInTheOrderTheyCame() {
    String twenty = "river ".repeat(20);
    int[] ids = new int[22];
    Arrays.fill(ids, 5);
    ids[0] = 2;
    ids[21] = 3;

    JsonObject answer =
        embed(
            new JsonObject()
                .put("model", "encoder")
                .put("input", new JsonArray().add(twenty).add("a bird sings").add("boat"))
                .encode(),
            200);

    assertClose(vector(answer, 0), encoded(ids));
    assertClose(vector(answer, 1), encoded(BIRD));
    assertClose(vector(answer, 2), encoded(2, 1, 3)); // not in the vocabulary
    assertThat(answer.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(22 + 5 + 3);
  }

  @Test
  void takesTokensAsTheyAre() {
    JsonObject one = embed("{\"model\":\"encoder\",\"input\":[2,9,10,11,3]}", 200);
    JsonObject two = embed("{\"model\":\"encoder\",\"input\":[[2,9,10,11,3],[5]]}", 200);

    assertClose(vector(one, 0), encoded(BIRD));
    assertClose(vector(two, 0), encoded(BIRD));
    assertClose(vector(two, 1), encoded(5));
  }

  @Test
  void takesVectorsOfTextsAsTheModelMakesThem() {
    JsonObject answer = embed("{\"model\":\"sentences\",\"input\":[\"a bird sings\",\"a\"]}", 200);

    assertClose(vector(answer, 0), summed(BIRD));
    assertClose(vector(answer, 1), summed(2, 9, 3));
  }

  @Test
  void leavesOutWhatIsBehindTheLimitOfTheModel() {
    int[] ids = new int[24];
    Arrays.fill(ids, 10);
    ids[0] = 2;
    ids[23] = 3;

    JsonObject answer =
        embed(
            new JsonObject().put("model", "encoder").put("input", "bird ".repeat(20_000)).encode(),
            200);

    assertClose(vector(answer, 0), encoded(ids));
    assertThat(answer.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(24);
  }

  @Test
  void packsFloatsAsOpenAisClientsUnpackThem() {
    JsonObject answer =
        embed(
            "{\"model\":\"encoder\",\"input\":\"a bird sings\",\"encoding_format\":\"base64\"}",
            200);

    byte[] bytes =
        Base64.getDecoder()
            .decode(answer.getJsonArray("data").getJsonObject(0).getString("embedding"));
    ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] vector =
        IntStream.range(0, bytes.length / Float.BYTES)
            .mapToDouble(i -> floats.getFloat(i * Float.BYTES))
            .toArray();
    assertClose(vector, encoded(BIRD));
  }

  @Test
  void takesAsManyTextsAsThereMayBe() {
    JsonArray texts = new JsonArray();
    IntStream.range(0, 2048).forEach(i -> texts.add(i % 2 == 0 ? "a bird sings" : "[SEP]"));

    JsonObject answer =
        embed(new JsonObject().put("model", "encoder").put("input", texts).encode(), 200);

    assertThat(answer.getJsonArray("data")).hasSize(2048);
    assertClose(vector(answer, 2046), encoded(BIRD));
    assertClose(vector(answer, 2047), encoded(2, 3, 3));
    embed(
        new JsonObject().put("model", "encoder").put("input", texts.add("one more")).encode(), 400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|400|not a JSON object",
        "{\"input\":\"a\"}|400|\"model\" must name a model",
        "{\"model\":\"encoder\"}|400|\"input\" must be a string, a list of strings",
        "{\"model\":\"encoder\",\"input\":[]}|400|\"input\" is empty",
        "{\"model\":\"encoder\",\"input\":\"\"}|400|input[0] is an empty string",
        "{\"model\":\"encoder\",\"input\":[\"a\",[]]}|400|input[1] holds no tokens",
        "{\"model\":\"encoder\",\"input\":[\"a\",null]}|400|input[1] is neither",
        "{\"model\":\"encoder\",\"input\":[1,\"a\"]}|400|token 1 must be a whole number",
        "{\"model\":\"encoder\",\"input\":[-1]}|400|token 0 must be a whole number",
        "{\"model\":\"encoder\",\"input\":\"a\",\"encoding_format\":\"hex\"}|400|\"float\" or \"base64\"",
        "{\"model\":\"encoder\",\"input\":\"a\",\"dimensions\":0}|400|\"dimensions\" must be",
        "{\"model\":\"encoder\",\"input\":\"a\",\"dimensions\":9}|400|the model's vectors have 4",
        "{\"model\":\"iris\",\"input\":\"a\"}|400|model \"iris\" is no text encoder",
        "{\"model\":\"bare\",\"input\":\"a\"}|400|model \"bare\" has no tokenizer.json",
      })
  void saysWhatIsWrong(String body, int status, String part) {
    JsonObject error = embed(body, status).getJsonObject("error");

    assertThat(error.getString("message")).contains(part);
    assertThat(error.getString("type")).isEqualTo("invalid_request_error");
    assertThat(error.containsKey("code")).isTrue();
  }

  /** A version's texts become the tokens of its own weights, whatever becomes of its files. */
  @Test
  void aTokenizerIsReadWithItsVersion() throws IOException {
    String body = "{\"model\":\"replaced\",\"input\":\"a bird sings\"}";
    Files.writeString(models.resolve("replaced/1/tokenizer.json"), "no tokenizer");
    assertClose(vector(embed(body, 200), 0), encoded(BIRD));

    assertThat(client.post("/v2/repository/models/replaced/load", "{}").statusCode())
        .isEqualTo(200);
    assertThat(embed(body, 500).getJsonObject("error").getString("message"))
        .contains("tokenizer.json of model \"replaced\" cannot be used");
  }

  @Test
  void cutsNoTextsThatCannotBeAnsweredInTime() {
    int before = failures("hasty");
    JsonObject error =
        embed("{\"model\":\"hasty\",\"input\":\"a bird sings\"}", 503).getJsonObject("error");

    assertThat(error.getString("message")).contains("cannot answer in the time");
    assertThat(failures("hasty")).isEqualTo(before + 1);
  }

  @Test
  void countsWhatItRefuses() {
    int before = failures("iris");
    embed("{\"model\":\"iris\",\"input\":\"a\"}", 400);
    assertThat(failures("iris")).isEqualTo(before + 1);
  }

  private int failures(String model) {
    return new JsonObject(client.get("/v2/models/" + model + "/stats").body())
        .getJsonArray("model_stats")
        .getJsonObject(0)
        .getJsonObject("inference_stats")
        .getJsonObject("fail")
        .getInteger("count");
  }

  @Test
  void saysWhichModelThereIsNot() {
    JsonObject error = embed("{\"model\":\"gpt\",\"input\":\"a\"}", 404).getJsonObject("error");

    assertThat(error.getString("message")).contains("model \"gpt\" is unknown");
    assertThat(error.getString("code")).isEqualTo("model_not_found");
  }

  @Test
  void boundsBodies() {
    String large = "{\"model\":\"encoder\",\"input\":\"" + "a ".repeat(200_000) + "\"}";
    JsonObject error = embed(large, 413).getJsonObject("error");
    assertThat(error.getString("message")).contains("MODELWEIR_MAX_BODY_SIZE");
  }
}
