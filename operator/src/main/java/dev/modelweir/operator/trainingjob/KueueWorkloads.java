package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.state.Attempt;
import dev.modelweir.operator.trainingjob.state.KueueWorkload;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kueue about a Job that waits for it. Nothing of Kueue is watched: only few wait at a time,
 * and Kueue may come to the cluster and leave it while the operator runs.
 */
final class KueueWorkloads {

  private static final Logger LOG = LoggerFactory.getLogger(KueueWorkloads.class);
  private static final String JOB_UID = "kueue.x-k8s.io/job-uid";
  // Kueue itself answers this one, so it may be away.
  private static final String VISIBILITY_GROUP = "visibility." + Attempt.KUEUE_GROUP;
  // More is not read to find one Job; further back its position is unknown.
  private static final int MOST_PENDING = 1_000;
  private static final Set<Integer> UNAVAILABLE = Set.of(403, 404, 503);

  private final KubernetesClient client;
  private final RequestConfig once;

  KueueWorkloads(KubernetesClient client) {
    this.client = client;
    this.once =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .build();
  }

  /** Whether the cluster has Kueue; not asked, and false, for a job that Kueue has no part in. */
  boolean servedFor(TrainingJob job) {
    boolean over = job.getStatus() != null && job.getStatus().finishedAt() != null;
    return job.getSpec().queue() != null && !over && version(Attempt.KUEUE_GROUP).isPresent();
  }

  /** The same with what Kueue says of the attempt that waits for it, if one does. */
  TrainingObservation complete(TrainingObservation seen) {
    return Attempt.in(seen).stream()
        .reduce((earlier, later) -> later)
        .filter(attempt -> attempt.isKueues() && attempt.waits())
        .map(attempt -> seen.with(queue(attempt)))
        .orElse(seen);
  }

  private Optional<QueueStatus> queue(Attempt attempt) {
    return version(Attempt.KUEUE_GROUP)
        .flatMap(version -> read(() -> workload(version, attempt.job())))
        .flatMap(KueueWorkload::queue)
        .map(queue -> position(attempt).map(place -> KueueWorkload.at(place, queue)).orElse(queue));
  }

  private Optional<GenericKubernetesResource> workload(String version, Job job) {
    return client
        .genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup(Attempt.KUEUE_GROUP)
                .withVersion(version)
                .withKind("Workload")
                .withPlural("workloads")
                .withNamespaced(true)
                .build())
        .inNamespace(job.getMetadata().getNamespace())
        .withLabel(JOB_UID, job.getMetadata().getUid())
        .list()
        .getItems()
        .stream()
        .findFirst();
  }

  private Optional<Integer> position(Attempt attempt) {
    return version(VISIBILITY_GROUP)
        .flatMap(version -> read(() -> pending(version, attempt)))
        .flatMap(pending -> KueueWorkload.position(pending, attempt.job().getMetadata().getUid()));
  }

  private Optional<GenericKubernetesResource> pending(String version, Attempt attempt) {
    String path =
        "/apis/%s/%s/namespaces/%s/localqueues/%s/pendingworkloads?limit=%d"
            .formatted(
                VISIBILITY_GROUP,
                version,
                attempt.job().getMetadata().getNamespace(),
                attempt.kueueQueue(),
                MOST_PENDING);
    return Optional.ofNullable(
            client
                .adapt(NamespacedKubernetesClient.class)
                .withRequestConfig(once)
                .call(asking -> asking.raw(path)))
        .map(text -> Serialization.unmarshal(text, GenericKubernetesResource.class));
  }

  /** The version in which the cluster serves a group; empty when it does not. */
  private Optional<String> version(String group) {
    return Optional.ofNullable(client.getApiGroup(group))
        .map(APIGroup::getPreferredVersion)
        .map(GroupVersionForDiscovery::getVersion);
  }

  /** What cannot be read is unknown, which keeps nothing else from going on. */
  private static <T> Optional<T> read(Supplier<Optional<T>> question) {
    try {
      return question.get();
    } catch (KubernetesClientException e) {
      if (UNAVAILABLE.contains(e.getCode())) {
        LOG.debug("what Kueue says cannot be read: {}", e.getMessage());
        return Optional.empty();
      }
      throw e;
    }
  }
}
