package dev.modelweir.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Whether an object of the caches is still there. */
public final class Presence {

  private Presence() {}

  /**
   * Asks the API server, because a child that went missing may be the garbage collector at work
   * while our copy of its deleted owner is stale; making the child again would be wrong.
   */
  public static boolean isGone(HasMetadata object, KubernetesClient client) {
    HasMetadata live = client.resource(object).get();
    return live == null
        || live.getMetadata().getDeletionTimestamp() != null
        || !live.getMetadata().getUid().equals(object.getMetadata().getUid());
  }
}
