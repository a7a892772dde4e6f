package dev.modelweir.operator.trainingjob;

import dev.modelweir.operator.trainingjob.admission.Quota;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the ResourceQuotas of the namespaces in which trainings wait. They are not watched. */
final class Quotas {

  private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);

  private final KubernetesClient client;

  Quotas(KubernetesClient client) {
    this.client = client;
  }

  /** Those that say what workers may have. */
  List<Quota> in(Set<String> namespaces) {
    List<ResourceQuota> all =
        namespaces.stream()
            .flatMap(namespace ->
                client.resourceQuotas().inNamespace(namespace).list().getItems().stream())
            .toList();
    Optional<String> priority =
        all.stream().anyMatch(Quota::isForPriorities) ? usualPriority() : Optional.empty();
    return all.stream().flatMap(quota -> Quota.of(quota, priority).stream()).toList();
  }

  /**
   * The PriorityClass that pods get which name none, as workers do; "" when there is none. Of
   * several the lowest counts, as for the API server. Absent when they cannot be seen.
   */
  private Optional<String> usualPriority() {
    try {
      return Optional.of(
          client.scheduling().v1().priorityClasses().list().getItems().stream()
              .filter(each -> Boolean.TRUE.equals(each.getGlobalDefault()))
              .min(Comparator.comparing(PriorityClass::getValue))
              .map(each -> each.getMetadata().getName())
              .orElse(""));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        LOG.debug("priority classes cannot be read: {}", e.getMessage());
        return Optional.empty();
      }
      throw e;
    }
  }
}
