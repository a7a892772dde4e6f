package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.api.v1alpha1.ResourceQuantities;
import dev.modelweir.api.v1alpha1.RuntimeSpec;
import dev.modelweir.operator.pod.ContainerResources;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
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
    return ContainerResources.over(
        custom ? Map.of() : DEFAULT_REQUESTS, custom ? Map.of() : DEFAULT_LIMITS, wanted);
  }

  static @Nullable Quantity limit(InferenceService isvc, String resource) {
    RuntimeSpec runtime = isvc.getSpec().runtime();
    if (runtime == null || runtime.resources() == null || runtime.resources().limits() == null) {
      return null;
    }
    return runtime.resources().limits().get(resource);
  }
}
