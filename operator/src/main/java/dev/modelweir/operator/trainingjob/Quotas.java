package dev.modelweir.operator.trainingjob;

import dev.modelweir.operator.trainingjob.admission.PodDefaults;
import dev.modelweir.operator.trainingjob.admission.Quota;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
    Map<String, PodDefaults> defaults = new HashMap<>();
    for (ResourceQuota quota : all) {
      if (Quota.isForLimits(quota)) {
        defaults.computeIfAbsent(
            quota.getMetadata().getNamespace(),
            namespace -> new PodDefaults(priority, usualLimits(namespace)));
      }
    }
    PodDefaults others = new PodDefaults(priority, Optional.empty());
    return all.stream()
        .flatMap(quota ->
            Quota.of(quota, defaults.getOrDefault(quota.getMetadata().getNamespace(), others))
                .stream())
        .toList();
  }

  /** What a LimitRange gives containers that have no limit; of several, which one is not told. */
  private Optional<Map<String, BigDecimal>> usualLimits(String namespace) {
    Map<String, BigDecimal> limits = new HashMap<>();
    return read(() -> client.limitRanges().inNamespace(namespace).list().getItems())
        .map(ranges -> {
          ranges.stream()
              .flatMap(range -> range.getSpec().getLimits().stream())
              .filter(item -> "Container".equals(item.getType()) && item.getDefault() != null)
              .flatMap(item -> item.getDefault().entrySet().stream())
              .forEach(each -> limits.put(each.getKey(), each.getValue().getNumericalAmount()));
          return limits;
        });
  }

  /**
   * The PriorityClass that pods get which name none, as workers do; "" when there is none. Of
   * several the lowest counts, as for the API server. Absent when they cannot be seen.
   */
  private Optional<String> usualPriority() {
    return read(() -> client.scheduling().v1().priorityClasses().list().getItems())
        .map(all ->
            all.stream()
                .filter(each -> Boolean.TRUE.equals(each.getGlobalDefault()))
                .min(Comparator.comparing(PriorityClass::getValue))
                .map(each -> each.getMetadata().getName())
                .orElse(""));
  }

  /** Absent when it may not be read. */
  private static <T> Optional<T> read(Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        LOG.debug("what pods get by default cannot be read: {}", e.getMessage());
        return Optional.empty();
      }
      throw e;
    }
  }
}
