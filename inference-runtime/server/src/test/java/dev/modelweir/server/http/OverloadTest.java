package dev.modelweir.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelweir.server.Client;
import dev.modelweir.server.SlowModel;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More work than the server can do: one worker, one place in the queue, slow inferences. */
@QuarkusTest
@TestProfile(OverloadTest.OneAtATime.class)
public class OverloadTest {
  public static final class OneAtATime extends ServedModel {
    public OneAtATime() {
      super("slow", Map.of("modelweir.workers", "1", "modelweir.queue-size", "1"));
    }
  }

  private static final String INFER = "/v2/models/slow/infer";

  private final Client client = Running.client();
  private final Client metrics = Running.metrics();
  private static int busy;

  @BeforeAll
  static void measure() {
    busy = SlowModel.busy(size -> Running.client().post(INFER, ofSize(size)));
  }

  @Test
  void refusesWhatItCannotQueueAndAnswersTheRest() {
    CompletableFuture<HttpResponse<String>> running = client.postAsync(INFER, ofSize(busy));
    awaitMetric("modelweir_requests_in_flight 1.0");
    awaitMetric("modelweir_model_requests_in_flight{model=\"slow\",version=\"1\"} 1.0");
    await().until(() -> metric("modelweir_queue_depth{model=\"slow\",version=\"1\"} 0.0"));
    CompletableFuture<HttpResponse<String>> waiting =
        client.postAsync(INFER, ofSize(SlowModel.INSTANT));
    awaitMetric("modelweir_queue_depth{model=\"slow\",version=\"1\"} 1.0");

    HttpResponse<String> refused = client.post(INFER, ofSize(SlowModel.INSTANT));

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.body()).contains("requests are waiting");
    assertThat(client.get("/v2/health/live").statusCode()).isEqualTo(200);
    assertThat(running.join().statusCode()).isEqualTo(200);
    assertThat(waiting.join().statusCode()).isEqualTo(200);
    awaitMetric("modelweir_requests_in_flight 0.0");
    assertThat(metrics.get("/metrics").body())
        .containsPattern(
            "modelweir_requests_total\\{model=\"slow\",outcome=\"overloaded\",version=\"1\"} [1-9]")
        .contains(
            "modelweir_requests_total{model=\"slow\",outcome=\"unavailable\",version=\"1\"} 0.0",
            "modelweir_model_requests_in_flight{model=\"slow\",version=\"1\"} 0.0");
  }

  /** Neither is the body waited for, nor would it be read: it is no JSON. */
  @Test
  void refusesOnTheHeadAlone() throws Exception {
    CompletableFuture<HttpResponse<String>> running = client.postAsync(INFER, ofSize(busy));
    awaitMetric("modelweir_requests_in_flight 1.0");
    await().until(() -> metric("modelweir_queue_depth{model=\"slow\",version=\"1\"} 0.0"));
    CompletableFuture<HttpResponse<String>> waiting =
        client.postAsync(INFER, ofSize(SlowModel.INSTANT));
    awaitMetric("modelweir_queue_depth{model=\"slow\",version=\"1\"} 1.0");

    String body = "no JSON".repeat(100_000);
    try (Socket socket = new Socket(Running.server().getHost(), Running.server().getPort())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
              .formatted(INFER, body.length())
              .getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertThat(in.readLine()).startsWith("HTTP/1.1 503 ");
      assertThat(in.lines().takeWhile(line -> !line.isEmpty()))
          .anyMatch(header -> header.equalsIgnoreCase("Retry-After: 1"));

      // The connection is good for the next request.
      out.write(body.getBytes(StandardCharsets.US_ASCII));
      out.write(
          "GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(in.lines().filter(line -> line.contains("HTTP/1.1")).findFirst())
          .hasValueSatisfying(line -> assertThat(line).endsWith("HTTP/1.1 200 OK"));
    }
    assertThat(running.join().statusCode()).isEqualTo(200);
    assertThat(waiting.join().statusCode()).isEqualTo(200);
    awaitMetric("modelweir_requests_in_flight 0.0");
  }

  @Test
  void refusesWhatCannotBeInTime() {
    HttpResponse<String> refused =
        client.post(
            INFER,
            ofSize(SlowModel.INSTANT).replaceFirst("\\{", "{\"parameters\":{\"timeout\":1},"));

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.body()).contains("cannot answer in the time that the request has");
    assertThat(metrics.get("/metrics").body())
        .contains(
            "modelweir_requests_total{model=\"slow\",outcome=\"too_late\",version=\"1\"} 1.0");
  }

  @Test
  void forgetsClientsThatLeave() throws Exception {
    CompletableFuture<HttpResponse<String>> running = client.postAsync(INFER, ofSize(busy));
    awaitMetric("modelweir_requests_in_flight 1.0");
    await().until(() -> metric("modelweir_queue_depth{model=\"slow\",version=\"1\"} 0.0"));
    String body = ofSize(busy);
    try (Socket impatient = new Socket(Running.server().getHost(), Running.server().getPort())) {
      impatient
          .getOutputStream()
          .write(
              "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(INFER, body.length(), body)
                  .getBytes(StandardCharsets.US_ASCII));
      awaitMetric("modelweir_queue_depth{model=\"slow\",version=\"1\"} 1.0");
    }

    awaitMetric("modelweir_requests_total{model=\"slow\",outcome=\"cancelled\",version=\"1\"} 1.0");
    assertThat(running.join().statusCode()).isEqualTo(200);
    awaitMetric("modelweir_requests_in_flight 0.0");
  }

  private static String ofSize(int size) {
    return "{\"inputs\":[{\"name\":\"size\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[%d,%d]}]}"
        .formatted(size, size);
  }

  private void awaitMetric(String line) {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> metric(line));
  }

  private boolean metric(String line) {
    return metrics.get("/metrics").body().contains(line);
  }
}
