package dev.modelweir.operator.plan;

import dev.modelweir.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** How an object says that it is ours, and whose it is. */
public final class Ownership {

  private Ownership() {}

  /** By this the garbage collector removes a child with its owner. */
  // No blockOwnerDeletion: it would need a permission on finalizers, and nothing waits for it.
  public static OwnerReference reference(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .build();
  }

  /**
   * The labels that everything of ours carries; the caller adds its own.
   *
   * @param application what runs in it, such as {@code modelweir-server}
   * @param instance name of the object it was made for
   * @param component its part in the life of a model, such as {@code inference}
   */
  public static Map<String, String> labels(String application, String instance, String component) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("app.kubernetes.io/name", application);
    labels.put("app.kubernetes.io/instance", instance);
    labels.put("app.kubernetes.io/component", component);
    labels.put("app.kubernetes.io/part-of", "modelweir");
    labels.put(Api.MANAGED_BY_LABEL, Api.MANAGED_BY);
    return labels;
  }
}
