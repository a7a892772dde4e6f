package dev.modelweir.operator.pod;

import dev.modelweir.api.v1alpha1.ResourceQuantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests and limits: what the user wrote, verbatim, over defaults that never contradict it. */
public final class ContainerResources {

  private static final String CPU = "cpu";
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
      if (limitIsDefault && exceeds(memory, limits.get(MEMORY))) {
        limits.put(MEMORY, memory);
      }
      requests.putAll(wanted.requests());
    }
    return new ResourceRequirementsBuilder()
        .withRequests(requests.isEmpty() ? null : requests)
        .withLimits(limits.isEmpty() ? null : limits)
        .build();
  }

  /**
   * Steps before a container, each with its limit of the CPU where it has one and they have none: a
   * quota may demand one of every container, and nobody can give it to ours.
   */
  public static List<Container> boundedAs(ResourceRequirements main, List<Container> steps) {
    Quantity limit = main.getLimits() == null ? null : main.getLimits().get(CPU);
    return limit == null ? steps : steps.stream().map(step -> bounded(step, limit)).toList();
  }

  private static Container bounded(Container step, Quantity limit) {
    Map<String, Quantity> limits = new TreeMap<>(step.getResources().getLimits());
    Map<String, Quantity> requests = new TreeMap<>(step.getResources().getRequests());
    if (limits.putIfAbsent(CPU, limit) == null && exceeds(requests.get(CPU), limit)) {
      requests.put(CPU, limit);
    }
    return new ContainerBuilder(step)
        .editResources()
        .withLimits(limits)
        .withRequests(requests)
        .endResources()
        .build();
  }

  private static boolean exceeds(@Nullable Quantity request, @Nullable Quantity limit) {
    return request != null
        && limit != null
        && request.getNumericalAmount().compareTo(limit.getNumericalAmount()) > 0;
  }
}
