package dev.modelweir.operator.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.api.v1alpha1.MlflowAlias;
import dev.modelweir.api.v1alpha1.MlflowModel;
import dev.modelweir.api.v1alpha1.MlflowState;
import dev.modelweir.operator.mlflow.plan.AliasPlan;
import dev.modelweir.operator.mlflow.plan.FollowedVersion;
import dev.modelweir.operator.mlflow.plan.MlflowNames;
import dev.modelweir.operator.mlflow.plan.VersionPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Registered models, their versions and aliases on the server. Each operation may be repeated. */
final class RegisteredModels {

  private final MlflowClient mlflow;

  RegisteredModels(MlflowClient mlflow) {
    this.mlflow = mlflow;
  }

  /**
   * Makes the version, and the model when it is the first; one that it was made from only gets the
   * tags.
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
    if (plan.origin().isPresent()) {
      tag(plan.model(), plan.origin().get(), plan.tags());
      return plan.origin().get();
    }
    Map<String, Object> body = new HashMap<>();
    body.put("name", plan.model());
    body.put("source", plan.source());
    body.put("tags", Runs.pairs(plan.tags()));
    run.ifPresent(id -> body.put("run_id", id));
    return part(mlflow.post("model-versions/create", body), "model_version", "version")
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
    before.removeAll(plan.followed());
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

  /** What the aliases that are followed stand for now. */
  MlflowState look(MlflowModel followed) throws MlflowException {
    String name = followed.registeredModel();
    Map<String, String> numbers = new HashMap<>();
    model(name)
        .ifPresent(model ->
            model
                .path("aliases")
                .forEach(alias ->
                    numbers.put(alias.path("alias").asText(), alias.path("version").asText())));
    List<MlflowAlias> answers = new ArrayList<>();
    for (String alias : new TreeSet<>(followed.aliases())) {
      String number = numbers.get(alias);
      answers.add(number == null ? FollowedVersion.none(alias) : version(name, number).of(alias));
    }
    return new MlflowState(name, answers);
  }

  private FollowedVersion version(String model, String number) throws MlflowException {
    JsonNode version =
        part(
            mlflow.get("model-versions/get", Map.of("name", model, "version", number)),
            "model_version",
            "version");
    Map<String, String> tags = new HashMap<>();
    version
        .path("tags")
        .forEach(tag -> tags.put(tag.path("key").asText(), tag.path("value").asText()));
    return new FollowedVersion(number, version.path("source").asText(), tags);
  }

  /** The one by which it is found goes last: what has it, has all. */
  private void tag(String model, String version, Map<String, String> tags) throws MlflowException {
    List<String> keys =
        tags.keySet().stream().sorted(Comparator.comparing(MlflowNames.UID::equals)).toList();
    for (String key : keys) {
      mlflow.post(
          "model-versions/set-tag",
          Map.of("name", model, "version", version, "key", key, "value", tags.get(key)));
    }
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
          part(
              mlflow.get("registered-models/get", Map.of("name", name)),
              "registered_model",
              "name"));
    } catch (MlflowException e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A part of an answer that says what it is of; what has none is no answer of MLflow. */
  private static JsonNode part(JsonNode answer, String name, String key) throws MlflowException {
    JsonNode part = answer.path(name);
    if (part.path(key).asText().isEmpty()) {
      throw new MlflowException(
          "", "the server answers without %s.%s: is this MLflow?".formatted(name, key));
    }
    return part;
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
