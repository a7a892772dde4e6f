package dev.modelweir.server.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.modelweir.server.Client;
import dev.modelweir.server.TestModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** KServe's V1 protocol as a client sees it. */
@QuarkusTest
@TestProfile(V1Test.Repository.class)
public class V1Test {
  public static final class Repository implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "modelweir.model-repository", repository().toString(),
          "modelweir.max-body-size", "64K",
          "quarkus.http.test-port", "0",
          "quarkus.management.test-port", "0");
    }

    private static Path repository() {
      try {
        Path repository = Files.createTempDirectory(Path.of("target"), "v1-models");
        for (String model : new String[] {"iris", "text", "types", "reciprocal", "corrupt"}) {
          Path version = Files.createDirectories(repository.resolve(model).resolve("1"));
          Files.copy(TestModels.file(model), version.resolve("model.onnx"));
        }
        return repository.toAbsolutePath();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Client client;

  @ConfigProperty(name = "test.url")
  URI server;

  @ConfigProperty(name = "test.management.url")
  URI management;

  @BeforeEach
  void ready() {
    client = new Client(URI.create(server.toString().replaceFirst("/$", "")));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> client.get("/v2/health/ready").statusCode() == 200);
  }

  @Test
  void predictsRowsOfTheOneInputAndNamesSeveralOutputs() {
    JsonObject answer =
        predict("iris", "{\"instances\": [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]}", 200);

    assertThat(answer.fieldNames()).containsExactly("predictions");
    JsonObject first = answer.getJsonArray("predictions").getJsonObject(0);
    JsonObject second = answer.getJsonArray("predictions").getJsonObject(1);
    assertThat(answer.getJsonArray("predictions")).hasSize(2);
    assertThat(first.getInteger("label")).isEqualTo(0);
    assertThat(second.getInteger("label")).isEqualTo(2);
    // As the protocol with tensors says it.
    JsonObject tensors =
        new JsonObject(
            client
                .post(
                    "/v2/models/iris/infer",
                    """
                    {"inputs": [{"name": "input", "shape": [2, 4], "datatype": "FP32",
                     "data": [5.1, 3.5, 1.4, 0.2, 6.7, 3.0, 5.2, 2.3]}]}
                    """)
                .body());
    assertThat(second.getJsonArray("probabilities").getDouble(2))
        .isEqualTo(
            tensors.getJsonArray("outputs").getJsonObject(1).getJsonArray("data").getDouble(5),
            within(1e-6));
  }

  @Test
  void givesTheValuesOfTheOneOutput() {
    assertThat(predict("reciprocal", "{\"instances\": [2, 4]}", 200).encode())
        .isEqualTo("{\"predictions\":[0.5,0.25]}");
  }

  @Test
  void readsSeveralInputsByName() {
    JsonObject answer =
        predict(
            "types",
            """
            {"instances": [
              {"bool": [true, false], "uint8": [255, 0], "uint16": [65535, 0],
               "uint32": [4294967295, 0], "uint64": [18446744073709551615, 0],
               "fp16": [0.5, 1], "bf16": [2, 0.25], "int8": [-1, 1], "int16": [7, 8],
               "int32": [1, 2], "int64": [9007199254740993, 2], "fp32": [0.5, 1.5],
               "fp64": [0.1, -0.1]}
            ]}
            """,
            200);

    assertThat(answer.getJsonArray("predictions").getJsonObject(0).encode())
        .isEqualTo(
            "{\"bool_out\":[true,false],\"uint8_out\":[255,0],"
                + "\"uint16_out\":[65535,0],\"uint32_out\":[4294967295,0],"
                + "\"uint64_out\":[18446744073709551615,0],\"fp16_out\":[0.5,1.0],"
                + "\"bf16_out\":[2.0,0.25],\"int8_out\":[-1,1],"
                + "\"int16_out\":[7,8],\"int32_out\":[1,2],\"int64_out\":[9007199254740993,2],"
                + "\"fp32_out\":[0.5,1.5],\"fp64_out\":[0.1,-0.1]}");
  }

  /** Just below the middle between two floats; a double in between would be the middle. */
  @Test
  void roundsOnce() {
    String value = "1.00000017881393432617187499";
    String zeros =
        "bool uint8 uint16 uint32 uint64 fp16 bf16 int8 int16 int32 int64 fp64"
            .replaceAll("(\\w+) ?", "\"$1\": [0, 0], ")
            .replace("\"bool\": [0, 0]", "\"bool\": [false, false]");

    JsonObject answer =
        predict(
            "types", "{\"instances\": [{%s \"fp32\": [0, %s ] }]}".formatted(zeros, value), 200);
    assertThat(
            answer.getJsonArray("predictions").getJsonObject(0).getJsonArray("fp32_out").encode())
        .isEqualTo("[0.0,%s]".formatted(Float.parseFloat(value)));
  }

  @Test
  void readsJsonOfAnyLayout() {
    assertThat(
            predict(
                    "reciprocal",
                    "{ \"more\": {\"a\": [1]},\n\"instances\" :\t[ 2 , 4\n] , \"x\":1 }",
                    200)
                .encode())
        .isEqualTo("{\"predictions\":[0.5,0.25]}");
    assertThat(predict("text", "{\"instances\": [ \"a\\\"],[\" , \"\" ]}", 200).encode())
        .isEqualTo(
            "{\"predictions\":[{\"echo\":\"a\\\"],[\",\"code\":-1},{\"echo\":\"\",\"code\":-1}]}");
  }

  @Test
  void takesUtf8Alone() {
    byte[] utf16 = "{\"instances\": [[1, 2, 3, 4]]}".getBytes(StandardCharsets.UTF_16BE);
    String body = new String(utf16, StandardCharsets.US_ASCII);
    assertThat(predict("iris", body, 400).getString("error")).contains("not a valid JSON object");
  }

  @Test
  void carriesText() {
    assertThat(predict("text", "{\"instances\": [\"Bäume\", \"🌲\"]}", 200).encode())
        .isEqualTo(
            "{\"predictions\":[{\"echo\":\"Bäume\",\"code\":2},{\"echo\":\"🌲\",\"code\":4}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "iris|``|400|not a valid JSON object",
        "iris|{|400|not a valid JSON object",
        "iris|[[1,2,3,4]]|400|not a valid JSON object",
        "iris|{}|400|\"instances\" is missing or empty",
        "iris|{\"instances\": []}|400|\"instances\" is missing or empty",
        "iris|{\"instances\": 3}|400|must be an array of rows",
        "iris|{\"instances\": null}|400|\"instances\" is missing or empty",
        "iris|{\"instances\": [[1, 2, 3, 4]]} {}|400|not a valid JSON object",
        "iris|{\"instances\": [[1, 2, 3, NaN]]}|400|not a valid JSON object",
        "iris|{\"instances\": [[]]}|400|has shape [1,0], the model takes [-1,4]",
        "iris|{\"instances\": [{\"input\": 1, \"input\": 2}]}|400|holds the input \"input\" twice",
        "iris|{\"instances\": [[1, 2, 3]]}|400|has shape [1,3], the model takes [-1,4]",
        "iris|{\"instances\": [[1, 2, 3, 4], [1, 2]]}|400|data[1] holds 2 values",
        "iris|{\"instances\": [[1, 2, 3, \"4\"]]}|400|FP32 needs a finite number",
        "iris|{\"instances\": [{\"petals\": 3}]}|400|unknown input \"petals\"; the model takes \"input\"",
        "types|{\"instances\": [[1, 2]]}|400|must be an object with these names",
        "iris|{\"instances\": [{\"input\": [1, 2, 3, 4]}, 3]}|400|instances[1] is not an object",
        "types|{\"instances\": [{\"bool\": [true]}]}|400|instances[0] has no \"uint8\"",
        "reciprocal|{\"instances\": [0]}|400|\"y\" holds the value Infinity",
        "rose|{\"instances\": [0]}|404|model \"rose\" is unknown",
        "corrupt|{\"instances\": [0]}|503|is not loaded",
      })
  void saysWhatIsWrong(String model, String body, int status, String part) {
    assertThat(predict(model, body, status).getString("error")).contains(part);
  }

  @Test
  void boundsBodies() {
    String large = "{\"instances\": [[" + "1, ".repeat(30_000) + "1]]}";
    assertThat(predict("iris", large, 413).getString("error"))
        .contains("limit of 65536 bytes (MODELWEIR_MAX_BODY_SIZE)");
    // The connection is as good as before.
    predict("iris", "{\"instances\": [[1, 2, 3, 4]]}", 200);
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-www-form-urlencoded, identity",
    "text/plain, identity",
    "application/json, gzip",
  })
  void takesPlainJsonAlone(String type, String coding) {
    HttpResponse<String> response =
        client.send(
            "POST",
            "/v1/models/iris:predict",
            "{\"instances\": [[1, 2, 3, 4]]}",
            "Content-Type",
            type,
            "Content-Encoding",
            coding);

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.body()).contains("send application/json");
  }

  /** One that is forgotten would hold up the end of the process. */
  @Test
  void forgetsAClientThatLeavesWithinItsRequest() throws IOException {
    Client metrics = new Client(URI.create(management.toString().replaceFirst("/$", "")));
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket
          .getOutputStream()
          .write(
              "POST /v1/models/iris:predict HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{"
                  .getBytes(StandardCharsets.UTF_8));
      await().until(() -> metrics.get("/metrics").body().contains("requests_in_flight 1.0"));
    }
    await().until(() -> metrics.get("/metrics").body().contains("requests_in_flight 0.0"));
  }

  @Test
  void listsModelsForBothKindsOfClients() {
    JsonObject list = new JsonObject(client.get("/v1/models").body());

    assertThat(list.getJsonArray("models").getList())
        .isEqualTo(List.of("iris", "reciprocal", "text", "types"));
    assertThat(list.getJsonArray("data").getJsonObject(0).getString("id")).isEqualTo("iris");
  }

  @Test
  void tellsWhetherAModelIsReady() {
    assertThat(new JsonObject(client.get("/v1/models/iris").body()).getBoolean("ready")).isTrue();
    HttpResponse<String> corrupt = client.get("/v1/models/corrupt");
    assertThat(corrupt.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(corrupt.body()).getBoolean("ready")).isFalse();
    assertThat(client.get("/v1/models/rose").statusCode()).isEqualTo(404);
    assertThat(client.post("/v1/models/iris", "{}").statusCode()).isEqualTo(405);
    assertThat(client.post("/v1/models/iris:explain", "{}").statusCode()).isEqualTo(405);
  }

  private JsonObject predict(String model, String body, int status) {
    HttpResponse<String> response = client.post("/v1/models/" + model + ":predict", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    return new JsonObject(response.body());
  }
}
