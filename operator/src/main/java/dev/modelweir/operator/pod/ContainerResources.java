package dev.modelweir.operator.pod;

import dev.modelweir.api.v1alpha1.ResourceQuantities;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests and limits: what the user wrote, verbatim, over defaults that never contradict it. */
public final class ContainerResources {

  private static final String MEMORY = "memory";

  private ContainerResources() {}

  /**
   * @param wanted what the user wrote, if anything
   */
  public static ResourceRequirements over(
      Map<String, Quantity> defaultRequests,
      Map<String, Quantity> defaultLimits,
      @Nullable ResourceQuantities wanted) {
    Map<String, Quantity> requests = new TreeMap<>(defaultRequests);
    Map<String, Quantity> limits = new TreeMap<>(defaultLimits);
    if (wanted != null && wanted.limits() != null) {
      // Kubernetes takes an absent request from the limit; a default request could exceed it.
      requests.keySet().removeAll(wanted.limits().keySet());
      limits.putAll(wanted.limits());
    }
    if (wanted != null && wanted.requests() != null) {
      boolean limitIsDefault = wanted.limits() == null || !wanted.limits().containsKey(MEMORY);
      Quantity memory = wanted.requests().get(MEMORY);
      if (memory != null && limitIsDefault && exceeds(memory, limits.get(MEMORY))) {
        limits.put(MEMORY, memory);
      }
      requests.putAll(wanted.requests());
    }
    return new ResourceRequirementsBuilder()
        .withRequests(requests.isEmpty() ? null : requests)
        .withLimits(limits.isEmpty() ? null : limits)
        .build();
  }

  private static boolean exceeds(Quantity request, @Nullable Quantity limit) {
    return limit != null && request.getNumericalAmount().compareTo(limit.getNumericalAmount()) > 0;
  }
}
