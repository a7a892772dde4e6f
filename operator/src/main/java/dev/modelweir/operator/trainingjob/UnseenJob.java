package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * The Job of an attempt that goes on by the status and is in no cache. Only the API server knows
 * whether somebody has deleted it, or whether the watch of a new leader lags behind what the one
 * before has made.
 */
final class UnseenJob {

  private UnseenJob() {}

  /** The same with that Job, if there is one to look for and it is there. */
  static TrainingObservation complete(
      TrainingJob training, TrainingObservation seen, KubernetesClient client) {
    return seen.unseenJob(training)
        .flatMap(name ->
            client
                .batch()
                .v1()
                .jobs()
                .inNamespace(training.getMetadata().getNamespace())
                .withLabel(Api.TRAINING_JOB_LABEL, training.getMetadata().getName())
                .list()
                .getItems()
                .stream()
                .filter(job -> job.getMetadata().getName().equals(name))
                .filter(job -> job.getOwnerReferenceFor(training).isPresent())
                .findFirst())
        .map((Job job) -> seen.with(job))
        .orElse(seen);
  }
}
