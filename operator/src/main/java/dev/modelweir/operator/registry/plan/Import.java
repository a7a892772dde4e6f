package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.Lineage;
import dev.modelweir.api.v1alpha1.LineageMlflow;
import dev.modelweir.api.v1alpha1.LocalReference;
import dev.modelweir.api.v1alpha1.MlflowModel;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.ModelVersionSpec;
import dev.modelweir.operator.plan.Ownership;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.jspecify.annotations.Nullable;

/** The ModelVersion that a version in MLflow becomes. It has no owner, as those of trainings. */
final class Import {

  private static final int DIGITS = 10; // of the digest, as in the versions of trainings
  private static final String ALGORITHM = "sha256:";

  private Import() {}

  /** The same model is the same version, wherever it comes from. */
  static String name(Model model, String digest) {
    return model.getMetadata().getName()
        + "-"
        + digest.substring(ALGORITHM.length(), ALGORITHM.length() + DIGITS);
  }

  static ModelVersion version(
      Model model, MlflowModel followed, String number, String storageUri, String digest) {
    String name = name(model, digest);
    ModelVersion version = new ModelVersion();
    version.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(model.getMetadata().getNamespace())
            .withLabels(Ownership.labels("model", name, "registry"))
            .addToLabels(Api.MODEL_LABEL, model.getMetadata().getName())
            .build());
    version.setSpec(
        new ModelVersionSpec(
            model.getMetadata().getName(),
            storageUri,
            digest,
            ModelFormat.ONNX,
            credentials(followed, storageUri),
            null,
            null,
            null,
            new Lineage(
                null, null, null, null, new LineageMlflow(followed.registeredModel(), number)),
            null));
    return version;
  }

  private static @Nullable LocalReference credentials(MlflowModel followed, String storageUri) {
    boolean asked = storageUri.startsWith("s3://") || storageUri.startsWith("https://");
    return asked ? followed.credentialsSecretRef() : null;
  }
}
