package dev.modelweir.operator.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.api.v1alpha1.MlflowAlias;
import dev.modelweir.api.v1alpha1.MlflowModel;
import dev.modelweir.api.v1alpha1.MlflowState;
import dev.modelweir.operator.mlflow.plan.AliasPlan;
import dev.modelweir.operator.mlflow.plan.AliasPlan.Target;
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

  private static final int LONGEST_OWNER = 63;

  private final MlflowClient mlflow;
  private final String owner;

  /**
   * @param owner what tells this cluster from others that write to the same server
   */
  RegisteredModels(MlflowClient mlflow, String owner) {
    this.mlflow = mlflow;
    this.owner = owner;
  }

  /**
   * Makes the version, and the model when it is the first; one that it was made from only gets the
   * tags, and not even those where another cluster owns the model.
   *
   * @param run that made it, if that is known
   * @return the number of the version
   */
  String register(VersionPlan plan, Optional<String> run) throws MlflowException {
    Optional<String> foreign = create(plan.model());
    Optional<String> there = find(plan.model(), plan.uid());
    if (there.isPresent()) {
      return there.get();
    }
    if (plan.origin().isPresent()) {
      if (foreign.isEmpty()) {
        tag(plan.model(), plan.origin().get(), plan.tags());
      }
      return plan.origin().get();
    }
    if (foreign.isPresent()) {
      throw conflict(plan.model(), foreign.get());
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
   * @return an alias whose ModelVersion the server does not have; it was left as it is. Absent when
   *     all is done
   */
  Optional<String> align(AliasPlan plan) throws MlflowException {
    Map<String, String> numbers = new HashMap<>();
    Optional<String> missing = Optional.empty();
    for (Map.Entry<String, Target> alias : plan.wanted().entrySet()) {
      Optional<String> uid = alias.getValue().uid();
      Optional<String> number = uid.isEmpty() ? uid : find(plan.model(), uid.get());
      if (number.isPresent()) {
        numbers.put(alias.getKey(), number.get());
      } else {
        missing = Optional.of(alias.getKey());
      }
    }
    Optional<JsonNode> model = model(plan.model());
    if (model.isEmpty()) {
      return missing; // no version was ever registered, so no alias is there to take back
    }
    Optional<String> foreign = foreign(model.get());
    if (foreign.isPresent()) {
      if (plan.wanted().isEmpty()) {
        return missing; // whatever is there did not come from here
      }
      throw conflict(plan.model(), foreign.get());
    }
    Set<String> before = AliasPlan.parse(tag(model.get(), MlflowNames.ALIASES));
    before.removeAll(plan.followed());
    if (before.isEmpty() && numbers.isEmpty()) {
      return missing;
    }
    claim(model.get());
    // Noted first: a process that dies in between leaves no alias that nobody takes back.
    set(plan.model(), MlflowNames.ALIASES, plan.tagDuring(before));
    for (Map.Entry<String, String> alias : numbers.entrySet()) {
      mlflow.post(
          "registered-models/alias",
          Map.of("name", plan.model(), "alias", alias.getKey(), "version", alias.getValue()));
    }
    before.removeAll(plan.wanted().keySet());
    for (String gone : before) {
      mlflow.delete("registered-models/alias", Map.of("name", plan.model(), "alias", gone));
    }
    set(plan.model(), MlflowNames.ALIASES, plan.tagAfter());
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

  /**
   * Makes the model ours, unless it is somebody's already.
   *
   * @return the other cluster that it belongs to, if it does
   */
  private Optional<String> create(String model) throws MlflowException {
    try {
      mlflow.post(
          "registered-models/create",
          Map.of("name", model, "tags", Runs.pairs(Map.of(MlflowNames.OWNER, owner))));
      return Optional.empty();
    } catch (MlflowException e) {
      if (!e.isThereAlready()) {
        throw e;
      }
    }
    Optional<JsonNode> there = model(model);
    if (there.isEmpty()) {
      return Optional.empty(); // deleted since; the server refuses what comes next
    }
    Optional<String> foreign = foreign(there.get());
    if (foreign.isEmpty()) {
      claim(there.get());
    }
    return foreign;
  }

  /** The cluster other than this one that a model belongs to, if it does. */
  private Optional<String> foreign(JsonNode model) {
    String there = tag(model, MlflowNames.OWNER);
    return there.isEmpty() || there.equals(owner) ? Optional.empty() : Optional.of(there);
  }

  private void claim(JsonNode model) throws MlflowException {
    if (tag(model, MlflowNames.OWNER).isEmpty()) {
      set(model.path("name").asText(), MlflowNames.OWNER, owner);
    }
  }

  private MlflowException conflict(String model, String foreign) {
    return MlflowException.conflict(
        "%s in MLflow belongs to another cluster: its tag %s is `%s`, and ours would be `%s`; rename the Model or its namespace, or delete that tag there when the other cluster is gone"
            .formatted(
                model,
                MlflowNames.OWNER,
                foreign.substring(0, Math.min(LONGEST_OWNER, foreign.length())),
                owner));
  }

  private Optional<String> find(String model, String uid) throws MlflowException {
    JsonNode found =
        mlflow.get(
            "model-versions/search",
            Map.of(
                "filter", "name = '%s' AND tags.`%s` = '%s'".formatted(model, MlflowNames.UID, uid),
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

  private static String tag(JsonNode model, String name) {
    return model
        .path("tags")
        .valueStream()
        .filter(tag -> tag.path("key").asText().equals(name))
        .findFirst()
        .map(tag -> tag.path("value").asText())
        .orElse("");
  }

  private void set(String model, String tag, String value) throws MlflowException {
    mlflow.post("registered-models/set-tag", Map.of("name", model, "key", tag, "value", value));
  }
}
