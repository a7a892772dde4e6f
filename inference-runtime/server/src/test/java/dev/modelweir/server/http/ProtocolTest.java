package dev.modelweir.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.Client;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol as a client sees it, on a real port with a real model. */
@QuarkusTest
@TestProfile(ProtocolTest.Iris.class)
public class ProtocolTest {
  public static final class Iris extends ServedModel {
    public Iris() {
      super("iris", Map.of("modelweir.max-body-size", "64K"));
    }
  }

  private final Client client = Running.client();

  private static final String INFER = "/v2/models/iris/infer";
  private static final String FLOWER =
      """
      {"id": "f1", "inputs": [{"name": "input", "shape": [1, 4], "datatype": "FP32",
       "data": [5.1, 3.5, 1.4, 0.2]}]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v2|\"name\":\"modelweir\"",
        "/v2/|\"extensions\":[\"binary_tensor_data\"",
        "/v2/health/live|{\"live\":true}",
        "/v2/health/ready|{\"ready\":true,\"live\":true}",
        "/v2/models/iris|\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[-1,4]}]",
        "/v2/models/iris/versions/1|\"versions\":[\"1\"]",
        "/v2/models/iris/ready|{\"name\":\"iris\",\"ready\":true}",
        "/v2/models/iris/versions/1/ready|{\"name\":\"iris\",\"ready\":true}",
      })
  void answersGets(String path, String part) {
    HttpResponse<String> response = client.get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains(part);
    assertJson(response);
  }

  @ParameterizedTest
  @ValueSource(strings = {INFER, "/v2/models/iris/versions/1/infer"})
  void infers(String path) {
    HttpResponse<String> response = client.post(path, FLOWER);

    assertThat(response.statusCode()).isEqualTo(200);
    JsonObject answer = assertJson(response);
    assertThat(answer.getString("id")).isEqualTo("f1");
    assertThat(answer.getString("model_name")).isEqualTo("iris");
    JsonObject label = answer.getJsonArray("outputs").getJsonObject(0);
    assertThat(label.encode())
        .isEqualTo("{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[0]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/v3|404|there is nothing at /v3",
        "GET|/v2/models|404|there is nothing at /v2/models",
        "GET|/v2/models/rose|404|model \"rose\" is unknown; this server has \"iris\"",
        "GET|/v2/models/iris/versions/2|404|version \"2\" is unknown",
        "GET|/v2/models/rose/ready|404|is unknown",
        "POST|/v2/models/rose/infer|404|is unknown",
        "POST|/v2|405|/v2 answers only GET",
        "GET|/v2/models/iris/infer|405|answers only POST",
        "DELETE|/v2/models/iris|405|answers only GET",
        "POST|/v2/models/iris/infer|400|the body must be a JSON object",
      })
  void explainsRefusals(String method, String path, int status, String message) {
    HttpResponse<String> response = client.send(method, path, "");

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(assertJson(response).getString("error")).contains(message);
    assertThat(response.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
  }

  @Test
  void refusesPathsThatCannotBeDecoded() throws Exception {
    String answer =
        RawHttp.exchange(
            Running.server(),
            "GET /v2/models/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Type, text/plain, 415",
    "Content-Type, application/octet-stream, 415",
    "Content-Type, application/json; charset=utf-8, 200",
    "Content-Type, Application/JSON, 200",
    "X-Whatever, 1, 200",
    "Content-Encoding, br, 415",
    "Content-Encoding, identity, 200",
  })
  void looksAtHowTheBodyIsSent(String header, String value, int status) {
    HttpResponse<String> response = client.send("POST", INFER, FLOWER, header, value);

    assertThat(response.statusCode()).isEqualTo(status);
    assertJson(response);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP64|[1,4]|input \"input\" has datatype FP64, the model takes FP32",
        "FP32|[2,2]|input \"input\" has shape [2,2], the model takes [-1,4]",
        "FP32|[1,5]|data holds 4 values, not the 5",
        "FP16|[1,4]|datatype FP16",
      })
  void namesTheMisfit(String type, String shape, String message) {
    String body =
        "{\"inputs\":[{\"name\":\"input\",\"shape\":%s,\"datatype\":\"%s\",\"data\":[1,2,3,4]}]}"
            .formatted(shape, type);

    HttpResponse<String> response = client.post(INFER, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(assertJson(response).getString("error")).contains(message);
  }

  @Test
  void refusesLargeBodiesWithAndWithoutAnnouncement() throws Exception {
    String large = " ".repeat(65 * 1024);
    HttpResponse<String> announced = client.post(INFER, large);
    assertThat(announced.statusCode()).isEqualTo(413);
    assertThat(assertJson(announced).getString("error")).contains("larger than the limit of 65536");

    String chunked =
        RawHttp.exchange(
            Running.server(),
            "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                .formatted(INFER, large.length(), large));
    assertThat(chunked).startsWith("HTTP/1.1 413").contains("larger than the limit");
    // The server goes on.
    assertThat(client.post(INFER, FLOWER).statusCode()).isEqualTo(200);
  }

  /** A body that nobody reads must not be taken for the next request, nor block it. */
  @ParameterizedTest
  @ValueSource(strings = {"/v2", "/v2/models/rose/infer", "/nowhere"})
  void keepsTheConnectionAfterARefusal(String path) throws Exception {
    String refused =
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n%s"
            .formatted(path, "x".repeat(100_000));
    String next = "GET /v2/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    assertThat(RawHttp.exchange(Running.server(), refused + next))
        .startsWith("HTTP/1.1 40")
        .endsWith("{\"live\":true}");
  }

  @Test
  void countsWhatHappened() {
    client.post(INFER, FLOWER);
    client.post(INFER, "{}");
    client.post("/v2/models/rose/infer", FLOWER);

    String text = Running.metrics().get("/metrics").body();

    assertThat(text)
        .containsPattern(ofIris("requests_total", "outcome=\"success\",") + " [1-9]")
        .containsPattern(ofIris("requests_total", "outcome=\"invalid\",") + " [1-9]")
        .containsPattern(ofIris("requests_total", "outcome=\"overloaded\",") + " 0.0")
        .containsPattern(ofIris("requests_total", "outcome=\"unavailable\",") + " 0.0")
        .containsPattern(
            "modelweir_request_duration_seconds_bucket\\{model=\"iris\",version=\"1\",le=\"30.0\"} [1-9]")
        .containsPattern(ofIris("model_requests_in_flight", "") + " 0.0")
        .containsPattern(ofIris("request_duration_seconds_count", "") + " [1-9]")
        .containsPattern(ofIris("compute_duration_seconds_count", "") + " [1-9]")
        .containsPattern(ofIris("queue_duration_seconds_count", "") + " [1-9]")
        .containsPattern(ofIris("batch_size_count", "") + " [1-9]")
        .containsPattern(ofIris("queue_depth", "") + " 0.0")
        .containsPattern(ofIris("model_load_duration_seconds", "") + " [0-9]")
        .containsPattern(ofIris("model_bytes", "") + " [1-9]")
        .contains("modelweir_requests_in_flight 0.0")
        .doesNotContain("rose");
  }

  private static String ofIris(String metric, String label) {
    return "modelweir_%s\\{model=\"iris\",%sversion=\"1\"}".formatted(metric, label);
  }

  private static JsonObject assertJson(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    return new JsonObject(response.body());
  }
}
