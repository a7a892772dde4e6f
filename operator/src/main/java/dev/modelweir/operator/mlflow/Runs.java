package dev.modelweir.operator.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.operator.mlflow.plan.Measurement;
import dev.modelweir.operator.mlflow.plan.MlflowNames;
import dev.modelweir.operator.mlflow.plan.RunPlan;
import dev.modelweir.operator.mlflow.plan.RunStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Experiments and runs on the server. Each operation may be repeated: what an earlier try, or an
 * earlier process, has made is found again by its tag.
 */
final class Runs {

  private final MlflowClient mlflow;

  Runs(MlflowClient mlflow) {
    this.mlflow = mlflow;
  }

  /**
   * Makes the run, adds what was measured last, and ends it when the plan says so.
   *
   * @return the id of the run
   */
  String carryOut(RunPlan plan) throws MlflowException {
    String experiment = experiment(plan.experiment());
    Optional<JsonNode> there = in(experiment, plan.uid());
    JsonNode info = there.isPresent() ? there.get() : create(experiment, plan);
    String id = info.path("run_id").asText();
    if (!isOpen(info)) {
      return id;
    }
    // The same parameter once more is no error, and an earlier try may have ended before this.
    mlflow.post(
        "runs/log-batch",
        Map.of(
            "run_id", id,
            "params", pairs(plan.params()),
            "metrics", plan.measured().stream().map(Runs::points).flatMap(List::stream).toList()));
    if (plan.end().isPresent()) {
      RunPlan.End end = plan.end().get();
      mlflow.post(
          "runs/update",
          Map.of("run_id", id, "status", end.status().name(), "end_time", end.at().toEpochMilli()));
    }
    return id;
  }

  /** The id of the run with this tag, if there is one that nobody has deleted. */
  Optional<String> find(String experiment, String uid) throws MlflowException {
    Optional<String> id = experimentId(experiment);
    return id.isEmpty()
        ? Optional.empty()
        : in(id.get(), uid).filter(Runs::isActive).map(info -> info.path("run_id").asText());
  }

  /** Adds a point to the metrics of a run; one that is there already stays one. */
  void log(String run, Measurement measured) throws MlflowException {
    if (!measured.metrics().isEmpty()) {
      mlflow.post("runs/log-batch", Map.of("run_id", run, "metrics", points(measured)));
    }
  }

  private static List<Map<String, Object>> points(Measurement measured) {
    return measured.metrics().stream()
        .map(metric ->
            Map.<String, Object>of(
                "key", MlflowNames.metric(metric.name()),
                "value", Double.parseDouble(metric.value()),
                "timestamp", measured.at().toEpochMilli(),
                "step", measured.step()))
        .toList();
  }

  private static boolean isOpen(JsonNode info) {
    return isActive(info) && !RunStatus.isFinal(info.path("status").asText());
  }

  /** Whether nobody has deleted it there; one that was deleted is left alone. */
  private static boolean isActive(JsonNode info) {
    return info.path("lifecycle_stage").asText("active").equals("active");
  }

  private JsonNode create(String experiment, RunPlan plan) throws MlflowException {
    return mlflow
        .post(
            "runs/create",
            Map.of(
                "experiment_id", experiment,
                "run_name", plan.name(),
                "start_time", plan.startedAt().toEpochMilli(),
                "tags", pairs(plan.tags())))
        .path("run")
        .path("info");
  }

  private Optional<JsonNode> in(String experiment, String uid) throws MlflowException {
    JsonNode found =
        mlflow.post(
            "runs/search",
            Map.of(
                "experiment_ids",
                List.of(experiment),
                "filter",
                "tags.`%s` = '%s'".formatted(MlflowNames.UID, uid),
                "run_view_type",
                "ALL",
                "max_results",
                1));
    return found.path("runs").valueStream().findFirst().map(run -> run.path("info"));
  }

  private String experiment(String name) throws MlflowException {
    Optional<String> there = experimentId(name);
    if (there.isPresent()) {
      return there.get();
    }
    try {
      return mlflow.post("experiments/create", Map.of("name", name)).path("experiment_id").asText();
    } catch (MlflowException e) {
      // Made by a training of the same model a moment ago.
      Optional<String> now = e.isThereAlready() ? experimentId(name) : Optional.empty();
      if (now.isPresent()) {
        return now.get();
      }
      throw e;
    }
  }

  private Optional<String> experimentId(String name) throws MlflowException {
    try {
      JsonNode answer = mlflow.get("experiments/get-by-name", Map.of("experiment_name", name));
      return Optional.of(answer.path("experiment").path("experiment_id").asText());
    } catch (MlflowException e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A map as MLflow writes it. */
  static List<Map<String, String>> pairs(Map<String, String> map) {
    return map.entrySet().stream()
        .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
        .toList();
  }
}
