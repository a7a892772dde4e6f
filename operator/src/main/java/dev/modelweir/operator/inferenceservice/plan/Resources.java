package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.api.v1alpha1.ResourceQuantities;
import dev.modelweir.api.v1alpha1.RuntimeSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests and limits: what the user wrote, verbatim, over defaults that never contradict it. */
final class Resources {

  private static final String MEMORY = "memory";
  private static final Map<String, Quantity> DEFAULT_REQUESTS =
      Map.of("cpu", new Quantity("100m"), MEMORY, new Quantity("256Mi"));
  private static final Map<String, Quantity> DEFAULT_LIMITS = Map.of(MEMORY, new Quantity("1Gi"));

  private Resources() {}

  /** Resources of the serving container. */
  static ResourceRequirements ofServer(InferenceService isvc) {
    RuntimeSpec runtime = isvc.getSpec().runtime();
    ResourceQuantities wanted = runtime == null ? null : runtime.resources();
    boolean custom = isvc.getSpec().model().format() == ModelFormat.CUSTOM;
    return merge(wanted, custom ? Map.of() : DEFAULT_REQUESTS, custom ? Map.of() : DEFAULT_LIMITS);
  }

  static @Nullable Quantity limit(InferenceService isvc, String resource) {
    RuntimeSpec runtime = isvc.getSpec().runtime();
    if (runtime == null || runtime.resources() == null || runtime.resources().limits() == null) {
      return null;
    }
    return runtime.resources().limits().get(resource);
  }

  private static ResourceRequirements merge(
      @Nullable ResourceQuantities wanted,
      Map<String, Quantity> defaultRequests,
      Map<String, Quantity> defaultLimits) {
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
