package dev.modelweir.image.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelweir.image.ImageException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Trains the inference server with a real model: load, answer requests of many sizes, scrape, end.
 */
public final class ServerTraining implements Training {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REQUESTS = 200;
  private static final int[] ROWS = {1, 1, 1, 4, 16, 64};
  private static final String MODEL = "/v2/models/training";

  private final Path model;
  private final Ports ports;
  private final Random random = new Random(1);

  /**
   * @param model folder with an ONNX file that takes one FP32 tensor
   */
  public ServerTraining(Path model) throws IOException {
    if (!Files.isDirectory(model)) {
      throw new ImageException(
          "no model to train the server with: %s is no folder".formatted(model));
    }
    this.model = model.toAbsolutePath();
    this.ports = Ports.free();
  }

  @Override
  public Map<String, String> environment() {
    var environment = new HashMap<>(ports.environment());
    environment.put("MODELWEIR_MODEL_NAME", "training");
    environment.put("MODELWEIR_MODEL_PATH", model.toString());
    environment.put("MODELWEIR_TERMINATION_LOG", "/dev/null");
    environment.put("ORT_DISABLE_TELEMETRY", "1");
    return environment;
  }

  @Override
  public void drive(Workload workload) throws IOException, InterruptedException {
    String ready = ports.mainUrl("/v2/health/ready");
    workload.await("it was ready at " + ready, () -> workload.status(ready) == 200);
    workload.status(ports.mainUrl("/v2/health/live"));
    workload.status(ports.mainUrl("/v2"));
    JsonNode input = check(workload.get(ports.mainUrl(MODEL))).path("inputs").path(0);
    String infer = ports.mainUrl(MODEL + "/infer");
    for (int i = 0; i < REQUESTS; i++) {
      check(workload.post(infer, request(input, ROWS[i % ROWS.length])));
    }
    workload.post(infer, "{\"inputs\":[]}");
    workload.status(ports.mainUrl("/metrics"));
    workload.status(ports.managementUrl("/metrics"));
  }

  private static JsonNode check(HttpResponse<String> response) throws IOException {
    if (response.statusCode() != 200) {
      throw new ImageException(
          "%s answered %d: %s".formatted(response.uri(), response.statusCode(), response.body()));
    }
    return JSON.readTree(response.body());
  }

  /** Random numbers in the shape that the model's metadata ask for; -1 stands for the rows. */
  private String request(JsonNode input, int rows) {
    ObjectNode tensor = JSON.createObjectNode();
    tensor.set("name", input.path("name"));
    tensor.set("datatype", input.path("datatype"));
    ArrayNode shape = tensor.putArray("shape");
    int elements = 1;
    for (JsonNode dimension : input.path("shape")) {
      int size = dimension.asInt() < 0 ? rows : dimension.asInt();
      shape.add(size);
      elements *= size;
    }
    ArrayNode data = tensor.putArray("data");
    for (int i = 0; i < elements; i++) {
      data.add(random.nextInt(100) / 10f);
    }
    ObjectNode request = JSON.createObjectNode();
    request.put("id", "training");
    request.putArray("inputs").add(tensor);
    return request.toString();
  }
}
