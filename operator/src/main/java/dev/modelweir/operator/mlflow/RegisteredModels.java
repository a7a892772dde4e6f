package dev.modelweir.operator.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.operator.mlflow.plan.AliasPlan;
import dev.modelweir.operator.mlflow.plan.MlflowNames;
import dev.modelweir.operator.mlflow.plan.VersionPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Registered models, their versions and aliases on the server. Each operation may be repeated. */
final class RegisteredModels {

  private final MlflowClient mlflow;

  RegisteredModels(MlflowClient mlflow) {
    this.mlflow = mlflow;
  }

  /**
   * Makes the version, and the model when it is the first.
   *
   * @param run that made it, if that is known
   * @return the number of the version
   */
  String register(VersionPlan plan, Optional<String> run) throws MlflowException {
    create(plan.model());
    Optional<String> there = find(plan.model(), MlflowNames.UID, plan.uid());
    if (there.isPresent()) {
      return there.get();
    }
    Map<String, Object> body = new HashMap<>();
    body.put("name", plan.model());
    body.put("source", plan.source());
    body.put("tags", Runs.pairs(plan.tags()));
    run.ifPresent(id -> body.put("run_id", id));
    return mlflow
        .post("model-versions/create", body)
        .path("model_version")
        .path("version")
        .asText();
  }

  /**
   * Sets what is wanted, and takes back what came from here and is wanted no more.
   *
   * @return a ModelVersion that the server does not have; the alias that stands for it was left as
   *     it is. Absent when all is done
   */
  Optional<String> align(AliasPlan plan) throws MlflowException {
    Map<String, String> numbers = new HashMap<>();
    Optional<String> missing = Optional.empty();
    for (Map.Entry<String, String> alias : plan.wanted().entrySet()) {
      Optional<String> number = find(plan.model(), MlflowNames.VERSION, alias.getValue());
      if (number.isPresent()) {
        numbers.put(alias.getKey(), number.get());
      } else {
        missing = Optional.of(alias.getValue());
      }
    }
    Optional<JsonNode> model = model(plan.model());
    if (model.isEmpty()) {
      return missing; // no version was ever registered, so no alias is there to take back
    }
    Set<String> before = AliasPlan.parse(tag(model.get()));
    if (before.isEmpty() && numbers.isEmpty()) {
      return missing;
    }
    // Noted first: a process that dies in between leaves no alias that nobody takes back.
    note(plan.model(), plan.tagDuring(before));
    for (Map.Entry<String, String> alias : numbers.entrySet()) {
      mlflow.post(
          "registered-models/alias",
          Map.of("name", plan.model(), "alias", alias.getKey(), "version", alias.getValue()));
    }
    before.removeAll(plan.wanted().keySet());
    for (String gone : before) {
      mlflow.delete("registered-models/alias", Map.of("name", plan.model(), "alias", gone));
    }
    note(plan.model(), plan.tagAfter());
    return missing;
  }

  private void create(String model) throws MlflowException {
    try {
      mlflow.post("registered-models/create", Map.of("name", model));
    } catch (MlflowException e) {
      if (!e.isThereAlready()) {
        throw e;
      }
    }
  }

  private Optional<String> find(String model, String tag, String value) throws MlflowException {
    JsonNode found =
        mlflow.get(
            "model-versions/search",
            Map.of(
                "filter", "name = '%s' AND tags.`%s` = '%s'".formatted(model, tag, value),
                "order_by", "version_number DESC",
                "max_results", "1"));
    return found
        .path("model_versions")
        .valueStream()
        .findFirst()
        .map(version -> version.path("version").asText());
  }

  private Optional<JsonNode> model(String name) throws MlflowException {
    try {
      return Optional.of(
          mlflow.get("registered-models/get", Map.of("name", name)).path("registered_model"));
    } catch (MlflowException e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String tag(JsonNode model) {
    return model
        .path("tags")
        .valueStream()
        .filter(tag -> tag.path("key").asText().equals(MlflowNames.ALIASES))
        .findFirst()
        .map(tag -> tag.path("value").asText())
        .orElse("");
  }

  private void note(String model, String aliases) throws MlflowException {
    mlflow.post(
        "registered-models/set-tag",
        Map.of("name", model, "key", MlflowNames.ALIASES, "value", aliases));
  }
}
