package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.Lineage;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.ModelSpec;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.ModelVersionSpec;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.plan.Ownership;
import dev.modelweir.operator.trainingjob.state.Published;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** What a training leaves in the registry. It has no owner: it outlives the job. */
final class Registration {

  private Registration() {}

  static ModelVersion version(
      TrainingJob job, ModelOutput output, Published published, String name, Lineage lineage) {
    ModelVersion version = new ModelVersion();
    version.setMetadata(
        metadata(job, name)
            .addToLabels(Api.MODEL_LABEL, output.model())
            .addToLabels(Api.TRAINING_JOB_LABEL, job.getMetadata().getName())
            .build());
    version.setSpec(
        new ModelVersionSpec(
            output.model(),
            PublishJob.storedAt(output, published.uri()),
            published.digest(),
            ModelFormat.ONNX,
            output.credentialsSecretRef(),
            published.sizeBytes(),
            published.signature(),
            published.metrics(),
            lineage,
            Gate.judge(output, published.metrics()).orElse(null)));
    return version;
  }

  /** An empty one, so that `kubectl apply` of a real one takes it over without a conflict. */
  static Model model(TrainingJob job, ModelOutput output) {
    Model model = new Model();
    model.setMetadata(metadata(job, output.model()).build());
    model.setSpec(new ModelSpec(null, null, null, null));
    return model;
  }

  private static ObjectMetaBuilder metadata(TrainingJob job, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(job.getMetadata().getNamespace())
        .withLabels(Ownership.labels("model", name, "registry"));
  }
}
