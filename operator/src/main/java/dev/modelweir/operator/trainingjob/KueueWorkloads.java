package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.operator.trainingjob.state.Attempt;
import dev.modelweir.operator.trainingjob.state.KueueWorkload;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the Workload of a Job that waits for Kueue. They are not watched: only few wait at a
 * time, and a cluster without Kueue does not serve the kind.
 */
final class KueueWorkloads {

  private static final Logger LOG = LoggerFactory.getLogger(KueueWorkloads.class);
  private static final String JOB_UID = "kueue.x-k8s.io/job-uid";
  private static final Set<Integer> UNAVAILABLE = Set.of(403, 404);

  private final KubernetesClient client;

  KueueWorkloads(KubernetesClient client) {
    this.client = client;
  }

  /** The same with what Kueue says of the attempt that waits for it, if one does. */
  TrainingObservation complete(TrainingObservation seen) {
    return Attempt.in(seen).stream()
        .filter(attempt -> attempt.isKueues() && attempt.waits())
        .findFirst()
        .map(attempt -> seen.with(queue(attempt.job())))
        .orElse(seen);
  }

  private Optional<QueueStatus> queue(Job job) {
    APIGroup group = client.getApiGroup(Attempt.KUEUE_GROUP);
    if (group == null) {
      return Optional.empty();
    }
    try {
      return client
          .genericKubernetesResources(group.getPreferredVersion().getGroupVersion(), "Workload")
          .inNamespace(job.getMetadata().getNamespace())
          .withLabel(JOB_UID, job.getMetadata().getUid())
          .list()
          .getItems()
          .stream()
          .flatMap(workload -> KueueWorkload.queue(workload).stream())
          .findFirst();
    } catch (KubernetesClientException e) {
      if (UNAVAILABLE.contains(e.getCode())) {
        LOG.debug("what Kueue says cannot be read: {}", e.getMessage());
        return Optional.empty();
      }
      throw e;
    }
  }
}
