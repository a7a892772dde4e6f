package dev.modelweir.operator.testing;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.ModelVersionStatus;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.operator.report.ConditionStamp;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Optional;

/** One Model and its versions on a server, as a user handles them. */
public record Registry(KubernetesClient client, String name) {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("kubectl")
          .build();

  public static Registry on(ApiServer api) {
    return new Registry(api.user(), "iris");
  }

  /** Creates the Model, or replaces its spec. */
  public void apply(String spec) {
    client
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: Model
            metadata: {name: %s, namespace: default}
            spec: %s
            """
                .formatted(name, spec))
        .patch(APPLY);
  }

  /** Registers a version, with more fields of its spec. */
  public void register(String version, String more) {
    client
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: ModelVersion
            metadata: {name: %1$s, namespace: default}
            spec:
              model: %4$s
              format: ONNX
              storageUri: s3://models/%1$s/model.onnx
              digest: sha256:%2$s
              %3$s
            """
                .formatted(version, "0".repeat(64), more, name))
        .patch(APPLY);
  }

  public void register(String version) {
    register(version, "");
  }

  /** What the operator writes down when MLflow has answered of the registered model flowers. */
  public void answered(String aliases) {
    client
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: Model
            metadata: {name: %s, namespace: default}
            status: {mlflow: {registeredModel: flowers, aliases: %s}}
            """
                .formatted(name, aliases))
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("modelweir-mlflow")
                .withForce(true)
                .build());
  }

  public Resource<Model> model() {
    return client.resources(Model.class).inNamespace("default").withName(name);
  }

  public Resource<ModelVersion> version(String name) {
    return client.resources(ModelVersion.class).inNamespace("default").withName(name);
  }

  /** What the aliases stand for, such as {@code champion=iris-a}. */
  public String aliases() {
    return Optional.ofNullable(model().get())
        .map(Model::getStatus)
        .map(RegisteredModelStatus::aliasesSummary)
        .orElse("");
  }

  /** Reason and message of the summary of the Model. */
  public String said() {
    return Optional.ofNullable(model().get())
        .map(Model::getStatus)
        .flatMap(status -> ConditionStamp.before(status.conditions(), ConditionType.READY))
        .map(condition -> condition.reason() + ": " + condition.message())
        .orElse("");
  }

  /** What MLflow was told of the Model. */
  public String tracked() {
    return Optional.ofNullable(model().get())
        .map(Model::getStatus)
        .flatMap(status -> ConditionStamp.before(status.conditions(), ConditionType.TRACKED))
        .map(Condition::message)
        .orElse("");
  }

  /** The word for it. */
  public String trackedReason() {
    return Optional.ofNullable(model().get())
        .map(Model::getStatus)
        .flatMap(status -> ConditionStamp.before(status.conditions(), ConditionType.TRACKED))
        .map(Condition::reason)
        .orElse("");
  }

  /** Why its only alias stands where it does. */
  public String decided() {
    return Optional.ofNullable(model().get())
        .map(Model::getStatus)
        .map(RegisteredModelStatus::aliases)
        .filter(aliases -> aliases.size() == 1)
        .map(aliases -> aliases.getFirst().message())
        .orElse("");
  }

  /** Who uses a version, such as {@code champion,iris}. */
  public String usersOf(String version) {
    return status(version).map(ModelVersionStatus::usedBySummary).orElse("nothing is known");
  }

  /** Reason and message of the summary of a version. */
  public String said(String version) {
    return status(version)
        .flatMap(status -> ConditionStamp.before(status.conditions(), ConditionType.READY))
        .map(condition -> condition.reason() + ": " + condition.message())
        .orElse("");
  }

  /** The names of the versions. */
  public List<String> versions() {
    return client.resources(ModelVersion.class).inNamespace("default").list().getItems().stream()
        .map(version -> version.getMetadata().getName())
        .sorted()
        .toList();
  }

  private Optional<ModelVersionStatus> status(String version) {
    return Optional.ofNullable(version(version).get()).map(ModelVersion::getStatus);
  }
}
