package dev.modelweir.server.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelweir.server.Client;
import dev.modelweir.server.TestModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Log and trace settings, and what they change in the log. */
@QuarkusTest
@TestProfile(SettingsTest.Iris.class)
public class SettingsTest {
  public static final class Iris implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "modelweir.model-name", "iris",
          "modelweir.model-path", TestModels.folder("iris").toString(),
          "quarkus.http.test-port", "0",
          "quarkus.management.test-port", "0");
    }
  }

  private static final String FLOWER =
      "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,1,1,1]}]}";
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String MODEL_SETTING = "/v2/models/iris/trace/setting";

  private final SpanLog log = new SpanLog();
  private final List<ExtLogRecord> logged = log.lines();

  private Client client;

  @ConfigProperty(name = "test.url")
  URI server;

  @BeforeEach
  void begin() {
    client = new Client(URI.create(server.toString().replaceFirst("/$", "")));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> client.get("/v2/health/ready").statusCode() == 200);
  }

  @AfterEach
  void reset() {
    log.close();
    for (String path : List.of("/v2/trace/setting", MODEL_SETTING)) {
      client.post(path, "{\"trace_level\":null,\"trace_rate\":null,\"trace_count\":null}");
    }
    client.post("/v2/logging", "{\"log_verbose_level\":0,\"log_info\":true,\"log_warning\":true}");
  }

  private HttpResponse<String> infer() {
    return client.send(
        "POST",
        "/v2/models/iris/infer",
        FLOWER,
        "Content-Type",
        "application/json",
        "traceparent",
        PARENT,
        "X-Request-Id",
        "r-1");
  }

  @Test
  void continuesTheCallersTraceInTheAnswer() {
    assertThat(infer().headers().firstValue("traceparent").orElseThrow())
        .matches("00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01");
    assertThat(client.post("/v2/models/iris/infer", FLOWER).headers().firstValue("traceparent"))
        .isEmpty();
    assertThat(logged).isEmpty();
  }

  @Test
  void logsTracedRequestsWithTheirTraceAndId() {
    JsonObject answer =
        new JsonObject(client.post(MODEL_SETTING, "{\"trace_level\":[\"TIMESTAMPS\"]}").body());
    assertThat(answer.encode())
        .isEqualTo(
            "{\"trace_level\":[\"TIMESTAMPS\"],\"trace_rate\":\"1000\",\"trace_count\":\"-1\","
                + "\"log_frequency\":\"0\",\"trace_file\":\"\"}");

    infer();

    await().until(() -> logged.size() == 1);
    ExtLogRecord line = logged.getFirst();
    assertThat(line.getFormattedMessage())
        .startsWith("POST /v2/models/iris/infer 200 after ")
        .contains("trace 4bf92f3577b34da6a3ce929d0e0e4736", "request r-1");
    assertThat(line.getMdcCopy())
        .containsEntry("traceId", "4bf92f3577b34da6a3ce929d0e0e4736")
        .containsEntry("parentId", "00f067aa0ba902b7")
        .containsEntry("requestId", "r-1");
    assertThat(client.get("/v2/trace/setting").body()).contains("\"OFF\"");
  }

  @Test
  void tracesByRateAndCountForAllModelsUntilOneHasItsOwn() {
    client.post(
        "/v2/trace/setting",
        "{\"trace_level\":[\"TIMESTAMPS\"],\"trace_rate\":\"1\",\"trace_count\":\"2\"}");
    assertThat(new JsonObject(client.get(MODEL_SETTING).body()).getString("trace_rate"))
        .isEqualTo("1");
    for (int i = 0; i < 5; i++) {
      client.post("/v2/models/iris/infer", FLOWER);
    }
    client.get("/v2/models/iris");

    await().until(() -> logged.size() == 2);
    assertThat(new JsonObject(client.get("/v2/trace/setting").body()).getString("trace_count"))
        .isEqualTo("0");

    client.post(MODEL_SETTING, "{\"trace_level\":\"OFF\"}");
    assertThat(new JsonObject(client.get("/v2/trace/setting").body()).getString("trace_count"))
        .isEqualTo("0");
    client.post("/v2/trace/setting", "{\"trace_count\":\"-1\"}");
    client.post("/v2/models/iris/infer", FLOWER);
    assertThat(client.get(MODEL_SETTING).body()).contains("\"OFF\"");
    assertThat(logged).hasSize(2);
  }

  @Test
  void verboseSaysALineForEveryRequest() {
    JsonObject answer =
        new JsonObject(client.post("/v2/logging", "{\"log_verbose_level\":1}").body());
    assertThat(answer.getInteger("log_verbose_level")).isEqualTo(1);

    client.get("/v2/models/iris");

    await()
        .until(() ->
            logged.stream()
                .anyMatch(line ->
                    line.getLevel().intValue() == Level.FINE.intValue()
                        && line.getFormattedMessage().startsWith("GET /v2/models/iris 200")));
  }

  @Test
  void warningsAloneSilenceInformation() {
    assertThat(client.get("/v2/logging").body()).contains("\"log_info\":true");

    JsonObject answer = new JsonObject(client.post("/v2/logging", "{\"log_info\":false}").body());

    assertThat(answer.getBoolean("log_info")).isFalse();
    assertThat(answer.getBoolean("log_warning")).isTrue();
    assertThat(Logger.getLogger("dev.modelweir.server").isLoggable(Level.INFO)).isFalse();
    assertThat(Logger.getLogger("dev.modelweir.server").isLoggable(Level.WARNING)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v2/logging|{\"log_file\":\"/tmp/x\"}|501|\"log_file\" cannot be changed",
        "/v2/logging|{\"log_format\":\"ISO8601\"}|501|\"log_format\" cannot be changed",
        "/v2/logging|{\"log_info\":1}|400|must be true or false",
        "/v2/logging|{\"log_error\":false}|400|levels are ordered",
        "/v2/logging|{\"log_verbose_level\":-1}|400|must be a whole number",
        "/v2/logging|{\"loud\":true}|400|there is no log setting \"loud\"",
        "/v2/logging|[]|400|not a JSON object",
        "/v2/trace/setting|{\"trace_level\":[\"TENSORS\"]}|501|OFF or TIMESTAMPS",
        "/v2/trace/setting|{\"trace_file\":\"/tmp/trace.json\"}|501|traces go to the log",
        "/v2/trace/setting|{\"log_frequency\":\"50\"}|501|traces go to the log",
        "/v2/trace/setting|{\"trace_rate\":\"0\"}|400|a whole number, 1 or more",
        "/v2/trace/setting|{\"trace_count\":\"few\"}|400|a whole number, -1 or more",
        "/v2/trace/setting|{\"trace_mode\":\"opentelemetry\"}|400|there is no trace setting",
        "/v2/models/rose/trace/setting|{}|404|model \"rose\" is unknown",
      })
  void refusesWhatItDoesNotHave(String path, String body, int status, String part) {
    HttpResponse<String> response = client.post(path, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(new JsonObject(response.body()).getString("error")).contains(part);
  }

  @Test
  void answersOnlyGetAndPost() {
    HttpResponse<String> response = client.send("DELETE", "/v2/logging", "");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("GET, POST");
  }
}
