package dev.modelweir.operator.testing;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.ModelVersionStatus;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The Model iris and its versions on a server, as a user handles them. */
public record Registry(KubernetesClient client) {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("kubectl")
          .build();

  public static Registry on(ApiServer api) {
    return new Registry(api.user());
  }

  /** Creates the Model iris, or replaces its spec. */
  public void apply(String spec) {
    client
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: Model
            metadata: {name: iris, namespace: default}
            spec: %s
            """
                .formatted(spec))
        .patch(APPLY);
  }

  /** Registers a version of iris, with more fields of its spec. */
  public void register(String name, String more) {
    client
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: ModelVersion
            metadata: {name: %1$s, namespace: default}
            spec:
              model: iris
              format: ONNX
              storageUri: s3://models/%1$s/model.onnx
              digest: sha256:%2$s
              %3$s
            """
                .formatted(name, "0".repeat(64), more))
        .patch(APPLY);
  }

  public void register(String name) {
    register(name, "");
  }

  public Resource<Model> model() {
    return client.resources(Model.class).inNamespace("default").withName("iris");
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

  /** Who uses a version, such as {@code champion,iris}. */
  public String usersOf(String version) {
    return status(version).map(ModelVersionStatus::usedBySummary).orElse("nothing is known");
  }

  /** Reason and message of the summary of a version. */
  public String said(String version) {
    return status(version).stream()
        .flatMap(status -> Objects.requireNonNull(status.conditions()).stream())
        .filter(condition -> condition.type().equals("Ready"))
        .map((Condition condition) -> condition.reason() + ": " + condition.message())
        .findFirst()
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
