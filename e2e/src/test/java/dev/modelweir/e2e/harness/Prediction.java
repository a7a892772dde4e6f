package dev.modelweir.e2e.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * What the iris model answers.
 *
 * @param classes the most likely species of each flower: 0 setosa, 1 versicolor, 2 virginica
 * @param probabilities of the three species, flower after flower
 */
public record Prediction(List<Long> classes, List<Double> probabilities) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The request of the quick start: three flowers, one of each species. */
  public static final String REQUEST = Checkout.text("examples/quickstart/request.json");

  /** Reads an answer of the Open Inference Protocol. */
  static Prediction of(String answer) {
    try {
      JsonNode outputs = JSON.readTree(answer).path("outputs");
      List<Long> classes = new ArrayList<>();
      data(outputs, "class").forEach(value -> classes.add(value.asLong()));
      List<Double> probabilities = new ArrayList<>();
      data(outputs, "probabilities").forEach(value -> probabilities.add(value.asDouble()));
      return new Prediction(classes, probabilities);
    } catch (JsonProcessingException e) {
      throw new AssertionError("the answer is no JSON: " + answer, e);
    }
  }

  private static JsonNode data(JsonNode outputs, String name) {
    for (JsonNode output : outputs) {
      if (output.path("name").asText().equals(name)) {
        return output.path("data");
      }
    }
    throw new AssertionError("the answer has no output " + name + ": " + outputs);
  }
}
