package dev.modelweir.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.server.Client;
import dev.modelweir.server.TestModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several models in one process, looked after by the extensions of the protocol. */
@QuarkusTest
@TestProfile(ManagementRoutesTest.TwoModels.class)
public class ManagementRoutesTest {
  public static final class TwoModels implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path root = Files.createTempDirectory("models");
        for (String name : new String[] {"double", "iris"}) {
          Path version = Files.createDirectories(root.resolve(name).resolve("1"));
          Files.copy(TestModels.file(name), version.resolve("model.onnx"));
        }
        Files.writeString(
            root.resolve("double/config.json"),
            "{\"max_batch_size\": 8, \"dynamic_batching\": {\"priority_levels\": 3}}");
        return Map.of(
            "modelweir.model-repository", root.toString(),
            // Enough for several sizes of batches on a busy machine, too.
            "modelweir.tuning", "2s",
            "quarkus.http.test-port", "0",
            "quarkus.management.test-port", "0");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final String ONE =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}]}";

  private final Client client = Running.client();

  @Test
  void listsWhatThereIs() {
    JsonArray index = new JsonArray(client.post("/v2/repository/index", "").body());

    assertThat(index)
        .contains(
            new JsonObject(
                "{\"name\":\"iris\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}"));
    assertThat(client.post("/v2/repository/index", "[]").statusCode()).isEqualTo(400);
  }

  @Test
  void loadsUnloadsAndReplaces() throws Exception {
    String infer = "/v2/models/other/infer";
    assertThat(client.post(infer, ONE).statusCode()).isEqualTo(404);

    assertThat(load("other", "double").statusCode()).isEqualTo(200);
    assertThat(client.post(infer, ONE).body()).contains("\"data\":[2.0]");
    assertThat(load("other", "triple").statusCode()).isEqualTo(200);
    assertThat(client.post(infer, ONE).body()).contains("\"data\":[3.0]");

    HttpResponse<String> corrupt = load("other", "corrupt");
    assertThat(corrupt.statusCode()).isEqualTo(400);
    assertThat(corrupt.body()).contains("failed to load", "cannot be served");
    assertThat(client.post(infer, ONE).body()).contains("\"data\":[3.0]");

    assertThat(client.post("/v2/repository/models/other/unload", "").statusCode()).isEqualTo(200);
    assertThat(client.post(infer, ONE).statusCode()).isEqualTo(503);
    assertThat(client.get("/v2/health/ready").statusCode()).isEqualTo(200);
    assertThat(new JsonArray(client.post("/v2/repository/index", "{\"ready\":true}").body()))
        .noneMatch(entry -> ((JsonObject) entry).getString("name").equals("other"));
  }

  @Test
  void refusesToLoadWhatItCannot() {
    HttpResponse<String> unknown = client.post("/v2/repository/models/rose/load", "");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("there is no model \\\"rose\\\"");

    HttpResponse<String> escaping =
        client.post(
            "/v2/repository/models/iris/load",
            "{\"parameters\":{\"config\":\"{}\",\"file:../x\":\"\"}}");
    assertThat(escaping.statusCode()).isEqualTo(400);
    assertThat(escaping.body()).contains("must name VERSION/FILE");

    HttpResponse<String> noBase64 =
        client.post(
            "/v2/repository/models/iris/load",
            "{\"parameters\":{\"config\":\"{}\",\"file:1/model.onnx\":\"%\"}}");
    assertThat(noBase64.statusCode()).isEqualTo(400);
    assertThat(client.post("/v2/repository/models/rose/unload", "").statusCode()).isEqualTo(404);
  }

  @Test
  void countsLikeTriton() {
    for (int i = 0; i < 3; i++) {
      assertThat(client.post("/v2/models/iris/infer", iris()).statusCode()).isEqualTo(200);
    }
    JsonObject stats =
        new JsonObject(client.get("/v2/models/iris/versions/1/stats").body())
            .getJsonArray("model_stats")
            .getJsonObject(0);

    assertThat(stats.getString("name")).isEqualTo("iris");
    assertThat(stats.getLong("inference_count")).isGreaterThanOrEqualTo(3);
    assertThat(stats.getLong("last_inference")).isPositive();
    JsonObject totals = stats.getJsonObject("inference_stats");
    assertThat(totals.getJsonObject("success").getLong("count")).isGreaterThanOrEqualTo(3);
    for (String part : new String[] {"queue", "compute_infer", "compute_output"}) {
      assertThat(totals.getJsonObject(part).getLong("ns")).as(part).isPositive();
    }
    assertThat(new JsonObject(client.get("/v2/models/stats").body()).getJsonArray("model_stats"))
        .hasSizeGreaterThanOrEqualTo(2);
    assertThat(client.get("/v2/models/rose/stats").statusCode()).isEqualTo(404);
  }

  @Test
  void describesHowAModelIsServed() {
    JsonObject config = new JsonObject(client.get("/v2/models/double/config").body());

    assertThat(config.getString("name")).isEqualTo("double");
    assertThat(config.getInteger("max_batch_size")).isBetween(2, 8);
    assertThat(config.getJsonObject("dynamic_batching").getInteger("priority_levels")).isEqualTo(3);
    assertThat(config.getJsonArray("input").getJsonObject(0).encode())
        .isEqualTo("{\"name\":\"x\",\"data_type\":\"TYPE_FP32\",\"dims\":[-1]}");
  }

  @Test
  void takesAndGivesCompressedBodies() throws Exception {
    for (Codings coding : new Codings[] {Codings.GZIP, Codings.DEFLATE}) {
      String row = "[" + "0.5,".repeat(999) + "0.5]";
      byte[] body =
          "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1000],\"datatype\":\"FP32\",\"data\":%s}]}"
              .formatted(row)
              .getBytes(StandardCharsets.UTF_8);
      HttpResponse<byte[]> response =
          client.sendBytes(
              "/v2/models/double/infer",
              coding.encode(body),
              "Content-Encoding",
              coding.token(),
              "Accept-Encoding",
              coding.token());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Encoding")).contains(coding.token());
      byte[] plain = coding.decode(Bytes.all(response.body()), 1 << 20).array();
      assertThat(new String(plain, StandardCharsets.UTF_8))
          .contains("1.0,1.0,1.0")
          .hasSizeGreaterThan(4000);
      assertThat(response.body().length).isLessThan(500);
    }
  }

  /** A small body that unpacks to more than the limit. */
  @Test
  void refusesBombs() throws Exception {
    byte[] zeros = new byte[65 << 20];
    HttpResponse<byte[]> response =
        client.sendBytes(
            "/v2/models/double/infer", Codings.GZIP.encode(zeros), "Content-Encoding", "gzip");

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("once it is unpacked");
    assertThat(
            client
                .sendBytes(
                    "/v2/models/double/infer", new byte[] {1, 2, 3}, "Content-Encoding", "gzip")
                .statusCode())
        .isEqualTo(400);
  }

  /** A few bytes in a document become many in memory: settings and lists have few of either. */
  @Test
  void boundsWhatDocumentsHold() {
    String many = "{\"a\":[" + "{},".repeat(10_000) + "{}]}";
    for (String path :
        new String[] {
          "/v2/logging",
          "/v2/trace/setting",
          "/v2/repository/models/double/load",
          "/v2/repository/index"
        }) {
      HttpResponse<String> refused = client.post(path, many);
      assertThat(refused.statusCode()).as(path).isEqualTo(400);
      assertThat(refused.body()).contains("the body holds too much");
    }
    String large = "{\"a\":\"" + "b".repeat(2 << 20) + "\"}";
    HttpResponse<String> refused = client.post("/v2/logging", large);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("limit of 1048576 bytes\"");
    // A model's files are as long as other requests may be.
    assertThat(client.post("/v2/repository/models/double/load", large).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> load(String name, String model) throws IOException {
    String content = Base64.getEncoder().encodeToString(Files.readAllBytes(TestModels.file(model)));
    return client.post(
        "/v2/repository/models/" + name + "/load",
        "{\"parameters\":{\"config\":\"{}\",\"file:1/model.onnx\":\"" + content + "\"}}");
  }

  private static String iris() {
    return "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
  }
}
