package dev.modelweir.operator.apply;

import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a training reports about itself: {@code progress} and {@code checkpoint} of the
 * status. They belong to a field manager of their own, so the reconciler, which never names them,
 * neither sets nor removes them. The summary goes with them to save the reconciler a write.
 */
public final class TrainingProgressWriter {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("modelweir-progress")
          .withForce(true)
          .build();

  private final KubernetesClient client;

  public TrainingProgressWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes all that was ever reported, the old with the new.
   *
   * @param seen the job as it was read
   * @param summary of the progress in one word
   * @return whether it was written; not when the job has changed since it was read, or is gone
   * @throws KubernetesClientException when the API server cannot take it
   */
  public boolean write(
      TrainingJob seen,
      @Nullable TrainingProgress progress,
      @Nullable String summary,
      @Nullable CheckpointStatus checkpoint) {
    TrainingJob skeleton = new TrainingJob();
    skeleton.setMetadata(
        new ObjectMetaBuilder()
            .withName(seen.getMetadata().getName())
            .withNamespace(seen.getMetadata().getNamespace())
            .withUid(seen.getMetadata().getUid())
            .withResourceVersion(seen.getMetadata().getResourceVersion())
            .build());
    skeleton.setStatus(status(progress, summary, checkpoint));
    try {
      client.resource(skeleton).subresource("status").patch(APPLY);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == 409 || e.getCode() == 404) {
        return false;
      }
      throw e;
    }
  }

  private static TrainingJobStatus status(
      @Nullable TrainingProgress progress,
      @Nullable String summary,
      @Nullable CheckpointStatus checkpoint) {
    return new TrainingJobStatus(
        null,
        null,
        null,
        progress,
        summary,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        checkpoint,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
