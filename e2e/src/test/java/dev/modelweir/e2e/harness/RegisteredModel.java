package dev.modelweir.e2e.harness;

import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** One Model with its versions. */
public record RegisteredModel(TestNamespace namespace, String name) {

  /**
   * {@code kubectl apply} with this spec.
   *
   * @param spec YAML of everything below {@code spec}
   */
  public RegisteredModel apply(String spec) {
    namespace.apply(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: Model
        metadata:
          name: %s
        spec:
        %s\
        """
            .formatted(name, spec.indent(2)));
    return this;
  }

  /** The Model as soon as its status fits. */
  public RegisteredModelStatus await(String what, Predicate<RegisteredModelStatus> fits) {
    Model found =
        Await.until(
            "model %s %s".formatted(name, what),
            Isvc.PATIENCE,
            () -> Optional.ofNullable(resource().get()).orElseThrow(),
            model ->
                model.getStatus() != null
                    && Objects.equals(
                        model.getStatus().observedGeneration(), model.getMetadata().getGeneration())
                    && fits.test(model.getStatus()),
            () -> Serialization.asYaml(resource().get()) + namespace.told(name));
    return Objects.requireNonNull(found.getStatus());
  }

  /** Waits until an alias stands for a version. */
  public RegisteredModelStatus awaitAlias(String alias, String version) {
    return await(
        "has alias %s on %s".formatted(alias, version),
        status ->
            alias(status, alias).filter(found -> version.equals(found.version())).isPresent());
  }

  public static Optional<ModelAlias> alias(RegisteredModelStatus status, String alias) {
    return Objects.requireNonNullElse(status.aliases(), List.<ModelAlias>of()).stream()
        .filter(found -> found.name().equals(alias))
        .findFirst();
  }

  private Resource<Model> resource() {
    return namespace.client().resources(Model.class).inNamespace(namespace.name()).withName(name);
  }

  /** The version of a name, if it exists. */
  public Optional<ModelVersion> find(String version) {
    return versions().stream()
        .filter(found -> found.getMetadata().getName().equals(version))
        .findFirst();
  }

  public List<ModelVersion> versions() {
    return namespace
        .client()
        .resources(ModelVersion.class)
        .inNamespace(namespace.name())
        .list()
        .getItems()
        .stream()
        .filter(version -> version.getSpec().model().equals(name))
        .toList();
  }

  /** The version that a training has made. */
  public ModelVersion madeBy(Training training) {
    String version = training.status().modelVersion();
    return find(Objects.requireNonNull(version, "the job has made no version"))
        .orElseThrow(() -> new AssertionError("there is no mv " + version));
  }
}
