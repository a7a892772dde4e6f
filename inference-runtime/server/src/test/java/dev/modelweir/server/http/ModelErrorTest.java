package dev.modelweir.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.Client;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests that look right but fail in the model, or whose answer JSON cannot carry. */
@QuarkusTest
@TestProfile(ModelErrorTest.Slow.class)
public class ModelErrorTest {
  public static final class Slow extends ServedModel {
    public Slow() {
      super("slow", Map.of());
    }
  }

  @Test
  void saysWhatTheModelSaysWithoutInternals() {
    Client client = Running.client();

    // Not a square: the multiplication inside the model cannot work.
    HttpResponse<String> response =
        client.post(
            "/v2/models/slow/infer",
            "{\"inputs\":[{\"name\":\"size\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[2,3]}]}");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body())
        .contains("the model failed on this request", "MatMul")
        .doesNotContain("onnxruntime_src", "\tat ", "Exception");
    assertThat(client.get("/v2/health/ready").statusCode()).isEqualTo(200);
  }
}
