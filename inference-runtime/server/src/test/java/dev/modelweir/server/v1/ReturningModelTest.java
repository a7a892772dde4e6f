package dev.modelweir.server.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelweir.protocol.grpc.message.ModelReadyRequest;
import dev.modelweir.protocol.grpc.message.ModelReadyResponse;
import dev.modelweir.server.Client;
import dev.modelweir.server.TestModels;
import dev.modelweir.server.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Models that take turns in memory are loaded again by a request for rows, too. */
@QuarkusTest
@TestProfile(ReturningModelTest.OneAtATime.class)
public class ReturningModelTest {
  public static final class OneAtATime implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> config = new HashMap<>();
      try {
        Path repository = Files.createTempDirectory(Path.of("target"), "v1-turns");
        for (String model : List.of("iris", "reciprocal")) {
          Path version = Files.createDirectories(repository.resolve(model).resolve("1"));
          Files.copy(TestModels.file(model), version.resolve("model.onnx"));
        }
        config.put("modelweir.model-repository", repository.toAbsolutePath().toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      config.put("modelweir.memory-limit", "1");
      config.put("quarkus.http.test-port", "0");
      config.put("quarkus.management.test-port", "0");
      return config;
    }
  }

  @ConfigProperty(name = "test.url")
  URI server;

  /** The status of a request without JSON, which takes the model's signature to be read. */
  private static int raw(Client client) throws Exception {
    byte[] flower = new byte[4 * Float.BYTES];
    return client
        .sendBytes("/v2/models/iris/infer", flower, "Inference-Header-Content-Length", "0")
        .statusCode();
  }

  private boolean isReadyOverGrpc(String model) {
    try (GrpcClient grpc = new GrpcClient(server.getPort())) {
      return grpc.call(
              "ModelReady",
              ModelReadyRequest.newBuilder().setName(model).build(),
              ModelReadyResponse.getDefaultInstance())
          .getReady();
    }
  }

  @Test
  void loadsAgainWhatWasUnloadedToMakeRoom() throws Exception {
    Client client = new Client(URI.create(server.toString().replaceFirst("/$", "")));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> client.get("/v2/health/ready").statusCode() == 200);
    for (int turn = 0; turn < 2; turn++) {
      assertThat(client.post("/v2/repository/index", "{\"ready\": true}").body())
          .contains("reciprocal")
          .doesNotContain("iris");
      assertThat(client.get("/v2/models/iris/ready").statusCode()).isEqualTo(200);
      assertThat(client.get("/v1/models/iris").statusCode()).isEqualTo(200);
      assertThat(isReadyOverGrpc("iris")).isTrue();

      HttpResponse<String> iris =
          client.post("/v1/models/iris:predict", "{\"instances\": [[5.1, 3.5, 1.4, 0.2]]}");
      assertThat(iris.body()).contains("\"label\":0");

      assertThat(client.post("/v1/models/reciprocal:predict", "{\"instances\": [2]}").statusCode())
          .isEqualTo(200);
      assertThat(raw(client)).isEqualTo(200);

      HttpResponse<String> reciprocal =
          client.post("/v1/models/reciprocal:predict", "{\"instances\": [2]}");
      assertThat(reciprocal.body()).isEqualTo("{\"predictions\":[0.5]}");
    }
  }
}
