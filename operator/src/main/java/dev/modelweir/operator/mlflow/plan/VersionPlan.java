package dev.modelweir.operator.mlflow.plan;

import dev.modelweir.api.v1alpha1.LineageJob;
import dev.modelweir.api.v1alpha1.LineageMlflow;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.ModelVersionSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The version of a registered model that an MLflow server should hold of one ModelVersion.
 *
 * @param model name of the registered model, {@code NAMESPACE.MODEL}
 * @param source where the model is
 * @param uid of the ModelVersion, by which the version is found again
 * @param tags what it is
 * @param origin number of the version of this registered model that it was made from, if it was
 * @param maker the run it came from, if a TrainingJob made it
 * @param quality how good it is, by the time when it was registered here
 */
public record VersionPlan(
    String model,
    String source,
    String uid,
    Map<String, String> tags,
    Optional<String> origin,
    Optional<Maker> maker,
    Measurement quality) {

  /**
   * The TrainingJob that made the version, which may be gone.
   *
   * @param experiment name of the experiment where its run is
   */
  public record Maker(String experiment, String job, String uid) {}

  public VersionPlan {
    tags = Map.copyOf(tags);
  }

  public static VersionPlan of(ModelVersion version) {
    ModelVersionSpec spec = version.getSpec();
    String namespace = version.getMetadata().getNamespace();
    return new VersionPlan(
        MlflowNames.registeredModel(namespace, spec.model()),
        spec.storageUri(),
        version.getMetadata().getUid(),
        Map.of(
            MlflowNames.UID,
            version.getMetadata().getUid(),
            MlflowNames.VERSION,
            version.getMetadata().getName(),
            MlflowNames.DIGEST,
            spec.digest()),
        origin(MlflowNames.registeredModel(namespace, spec.model()), spec),
        maker(namespace, spec),
        new Measurement(
            spec.metrics() == null ? List.of() : spec.metrics(),
            0,
            Instant.parse(version.getMetadata().getCreationTimestamp())));
  }

  private static Optional<String> origin(String model, ModelVersionSpec spec) {
    LineageMlflow from = spec.lineage() == null ? null : spec.lineage().mlflow();
    return from == null || !from.registeredModel().equals(model)
        ? Optional.empty()
        : Optional.of(from.version());
  }

  private static Optional<Maker> maker(String namespace, ModelVersionSpec spec) {
    LineageJob job = spec.lineage() == null ? null : spec.lineage().trainingJob();
    return job == null || job.uid() == null
        ? Optional.empty()
        : Optional.of(
            new Maker(MlflowNames.experiment(namespace, spec.model()), job.name(), job.uid()));
  }
}
