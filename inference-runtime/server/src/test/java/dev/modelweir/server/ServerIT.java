package dev.modelweir.server;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged application as a process: start, exit codes, and a graceful end. */
class ServerIT {
  private static final String SLOW =
      "{\"inputs\":[{\"name\":\"size\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[1400,1400]}]}";

  @TempDir Path folder;

  @Test
  void servesUntilItIsToldToEndAndLosesNothing() throws Exception {
    try (ServerProcess server = ServerProcess.serve(folder, TestModels.folder("slow"), "slow")) {
      Client client = server.client();
      await().atMost(ofMinutes(1)).until(() -> server.answers("/v2/health/ready", 200));
      CompletableFuture<HttpResponse<String>> running =
          client.postAsync("/v2/models/slow/infer", SLOW);
      await()
          .until(() -> server.metrics().get("/metrics").body().contains("requests_in_flight 1.0"));

      server.process().destroy();

      await().until(() -> server.answers("/v2/health/ready", 503));
      HttpResponse<String> late = client.post("/v2/models/slow/infer", SLOW.replace("1400", "10"));
      assertThat(late.statusCode()).isEqualTo(200);
      // Over HTTP/2 that header would make the answer malformed.
      Client multiplexed = Client.overHttp2(server.address());
      for (String path : List.of("/v2/models/slow/infer", "/v1/models/slow:predict")) {
        HttpResponse<String> answer = multiplexed.post(path, SLOW.replace("1400", "10"));
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.statusCode()).isIn(200, 400);
      }
      assertThat(late.headers().firstValue("Connection")).contains("close");
      assertThat(running.join().statusCode()).isEqualTo(200);
      assertThat(server.exitCode()).isIn(0, 143);
      assertThat(server.log()).contains("drained").doesNotContain("1400");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "corrupt, '', 66, ModelLoadFailed, cannot be served",
    "sequence, '', 66, ModelLoadFailed, 'input \"x\" is a sequence'",
    "nowhere, '', 64, ModelNotFound, does not exist",
    "iris, sha256:00, 65, DigestMismatch, expected sha256:00",
  })
  void endsWithTheReasonWhenItCannotServe(
      String model, String digest, int code, String reason, String message) throws Exception {
    Path path = TestModels.folder(model);
    try (ServerProcess server =
        ServerProcess.serve(folder, path, model, "--model-digest", digest)) {
      assertThat(server.exitCode()).isEqualTo(code);
      JsonObject termination = new JsonObject(Files.readString(server.terminationLog()));
      assertThat(termination.getString("reason")).isEqualTo(reason);
      assertThat(termination.getString("message")).contains(message, path.toString());
      assertThat(server.log())
          .contains("\"level\":\"ERROR\"", reason)
          .doesNotContain("\tat ", "\\tat ");
    }
  }

  @Test
  void endsWhenItsRepositoryIsNotThere() throws Exception {
    Path nowhere = folder.resolve("models");
    try (ServerProcess server = ServerProcess.repository(folder, nowhere)) {
      assertThat(server.exitCode()).isEqualTo(64);
      assertThat(Files.readString(server.terminationLog()))
          .contains("ModelNotFound", nowhere.toString());
    }
  }

  /** As many inferences at a time as the container has CPUs, whatever the machine has. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void takesNoMoreThreadsThanTheContainerHas(int cpus) throws Exception {
    Path iris = TestModels.folder("iris");
    try (ServerProcess server = ServerProcess.onCpus(cpus, folder, iris, "iris")) {
      await().atMost(ofMinutes(1)).until(() -> server.answers("/v2/health/ready", 200));
      JsonObject config = new JsonObject(server.client().get("/v2/models/iris/config").body());
      int instances = config.getJsonArray("instance_group").getJsonObject(0).getInteger("count");
      assertThat(server.log()).contains(instances + " at a time with " + cpus / instances);
      assertThat(instances).isIn(1, cpus);
      assertThat(server.log())
          .contains("operators by execution provider: {CPUExecutionProvider=2}");
    }
  }

  /** A caller finds in the log what became of its request. */
  @Test
  void namesTheRequestThatFailed() throws Exception {
    try (ServerProcess server = ServerProcess.serve(folder, TestModels.folder("slow"), "slow")) {
      await().atMost(ofMinutes(1)).until(() -> server.answers("/v2/health/ready", 200));
      HttpResponse<String> failed =
          server
              .client()
              .send(
                  "POST",
                  "/v2/models/slow/infer",
                  SLOW.replace("1400,1400", "2,3"),
                  "X-Request-Id",
                  "order-17");
      assertThat(failed.statusCode()).isEqualTo(500);
      JsonObject line =
          server
              .log()
              .lines()
              .filter(text -> text.contains("order-17"))
              .map(JsonObject::new)
              .findFirst()
              .orElseThrow();
      assertThat(line.getString("level")).isEqualTo("ERROR");
      assertThat(line.getJsonObject("mdc").getString("requestId")).isEqualTo("order-17");
      assertThat(line.getString("message"))
          .startsWith("POST /v2/models/slow/infer failed: the model failed on this request");
    }
  }

  /** The CPU build must not quietly compute on the CPU what was meant for a GPU. */
  @Test
  void refusesADeviceThatIsNotThere() throws Exception {
    try (ServerProcess server =
        ServerProcess.serve(folder, TestModels.folder("iris"), "iris", "--device", "cuda")) {
      assertThat(server.exitCode()).isEqualTo(66);
      assertThat(Files.readString(server.terminationLog()))
          .contains("ModelLoadFailed", "has only the CPU provider");
    }
  }

  @Test
  void explainsItself() throws IOException {
    try (ServerProcess help = ServerProcess.start(folder, "--help")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.log()).isEqualTo(CommandLine.USAGE);
    }
    try (ServerProcess wrong = ServerProcess.start(folder, "--port", "80")) {
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.log()).contains("unknown argument \"--port\"");
    }
  }

  @Test
  void fetches() throws IOException {
    Path target = folder.resolve("models");
    try (ServerProcess fetch =
        ServerProcess.start(
            folder, "fetch", "--uri", "s3://bucket/model.onnx", "--to", target.toString())) {
      // No such endpoint: the command is there, retries, and ends with its own reason.
      assertThat(fetch.exitCode()).isEqualTo(69);
      assertThat(Files.readString(fetch.terminationLog())).contains("\"reason\":\"FetchFailed\"");
      assertThat(fetch.log()).contains("attempt 2 of 5");
    }
  }

  @Test
  void publishes() throws IOException {
    try (ServerProcess publish =
        ServerProcess.start(
            folder,
            "publish",
            "--from",
            TestModels.folder("iris").toString(),
            "--to",
            "file://" + folder.resolve("store"),
            "--model",
            "iris")) {
      assertThat(publish.exitCode()).as(publish::log).isZero();
      JsonObject said = new JsonObject(Files.readString(publish.terminationLog()));
      assertThat(Path.of(URI.create(said.getString("uri"))))
          .hasSameBinaryContentAs(TestModels.file("iris"));
    }
  }
}
