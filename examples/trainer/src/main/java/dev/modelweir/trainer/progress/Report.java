package dev.modelweir.trainer.progress;

import dev.modelweir.trainer.Json;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * How far a training is.
 *
 * @param percent of all steps, 0 to 100
 * @param remainingSeconds at the pace so far; empty while there is none
 * @param epoch passes over the data that are done, with a part of the current one
 * @param checkpoint step of the last one, if there is one
 * @param metrics names and values, finite
 */
public record Report(
    int percent,
    OptionalLong remainingSeconds,
    long step,
    double epoch,
    OptionalLong checkpoint,
    Map<String, Double> metrics) {

  /**
   * The body of Kubeflow Trainer ({@code trainerStatus}, its proposal 2779), in which the values of
   * metrics are texts, with step, epoch and checkpoint added.
   */
  public String toJson() {
    StringBuilder json = new StringBuilder("{\"trainerStatus\": {");
    json.append("\"progressPercentage\": ").append(percent);
    remainingSeconds.ifPresent(
        seconds -> json.append(", \"estimatedRemainingSeconds\": ").append(seconds));
    json.append(", \"metrics\": ")
        .append(
            metrics.entrySet().stream()
                .map(metric ->
                    "{\"name\": %s, \"value\": \"%s\"}"
                        .formatted(Json.text(metric.getKey()), metric.getValue()))
                .collect(Collectors.joining(", ", "[", "]")));
    json.append("}, \"step\": ").append(step).append(", \"epoch\": ").append(epoch);
    checkpoint.ifPresent(
        saved -> json.append(", \"checkpoint\": {\"step\": ").append(saved).append("}"));
    return json.append("}").toString();
  }
}
