package dev.modelweir.image.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelweir.image.ImageException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;

/**
 * Trains the inference server with a real model: load, answer requests of many sizes in JSON, in
 * binary, over gRPC and in KServe's old form, scrape, end.
 */
public final class ServerTraining implements Training {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REQUESTS = 200;
  private static final int[] ROWS = {1, 1, 1, 4, 16, 64};
  private static final String MODEL = "/v2/models/training";
  private static final String INFER_METHOD = "/inference.GRPCInferenceService/ModelInfer";

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
      int rows = ROWS[i % ROWS.length];
      check(workload.post(infer, request(input, rows)));
      binary(workload, infer, input, rows);
      grpc(workload, input, rows);
      check(workload.post(ports.mainUrl("/v1/models/training:predict"), instances(input, rows)));
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
    ObjectNode tensor = head(input, rows);
    ArrayNode data = tensor.putArray("data");
    for (int i = 0; i < elements(input, rows); i++) {
      data.add(value());
    }
    return request(tensor).toString();
  }

  /** The same with the numbers behind the JSON, also in the answer. */
  private void binary(Workload workload, String url, JsonNode input, int rows)
      throws IOException, InterruptedException {
    byte[] data = data(input, rows);
    ObjectNode tensor = head(input, rows);
    tensor.putObject("parameters").put("binary_data_size", data.length);
    ObjectNode request = request(tensor);
    request.putObject("parameters").put("binary_data_output", true);
    HttpResponse<String> answer =
        workload.postBinary(url, request.toString().getBytes(UTF_8), data);
    if (answer.statusCode() != 200) {
      throw new ImageException(
          "a binary request was answered %d: %s".formatted(answer.statusCode(), answer.body()));
    }
  }

  private void grpc(Workload workload, JsonNode input, int rows)
      throws IOException, InterruptedException {
    byte[] message =
        InferMessage.of(
            "training",
            input.path("name").asText(),
            input.path("datatype").asText(),
            StreamSupport.stream(input.path("shape").spliterator(), false)
                .mapToInt(dimension -> extent(dimension, rows))
                .toArray(),
            data(input, rows));
    HttpResponse<byte[]> answer = workload.call(ports.mainUrl(INFER_METHOD), message);
    if (answer.statusCode() != 200 || answer.body().length == 0) {
      throw new ImageException("a call of gRPC was answered with " + answer.headers().map());
    }
  }

  /** Random numbers, little-endian. */
  private byte[] data(JsonNode input, int rows) {
    int elements = elements(input, rows);
    ByteBuffer data = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      data.putFloat(value());
    }
    return data.array();
  }

  private String instances(JsonNode input, int rows) {
    ObjectNode request = JSON.createObjectNode();
    ArrayNode instances = request.putArray("instances");
    for (int row = 0; row < rows; row++) {
      ArrayNode instance = instances.addArray();
      for (int i = 0; i < elements(input, 1); i++) {
        instance.add(value());
      }
    }
    return request.toString();
  }

  private static ObjectNode request(ObjectNode tensor) {
    ObjectNode request = JSON.createObjectNode();
    request.put("id", "training");
    request.putArray("inputs").add(tensor);
    return request;
  }

  private static ObjectNode head(JsonNode input, int rows) {
    ObjectNode tensor = JSON.createObjectNode();
    tensor.set("name", input.path("name"));
    tensor.set("datatype", input.path("datatype"));
    ArrayNode shape = tensor.putArray("shape");
    input.path("shape").forEach(dimension -> shape.add(extent(dimension, rows)));
    return tensor;
  }

  private static int elements(JsonNode input, int rows) {
    int elements = 1;
    for (JsonNode dimension : input.path("shape")) {
      elements *= extent(dimension, rows);
    }
    return elements;
  }

  private static int extent(JsonNode dimension, int rows) {
    return dimension.asInt() < 0 ? rows : dimension.asInt();
  }

  private float value() {
    return random.nextInt(100) / 10f;
  }
}
