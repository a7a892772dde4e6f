package dev.modelweir.operator.observe;

import dev.modelweir.api.v1alpha1.Accelerator;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimTemplate;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the ResourceClaimTemplate that an accelerator names: without it no pod gets its claim.
 * Templates are not watched: few objects name one, and what lacks one is looked at again soon.
 */
public final class ClaimTemplates {

  private static final int FORBIDDEN = 403;

  private final KubernetesClient client;

  public ClaimTemplates(KubernetesClient client) {
    this.client = client;
  }

  /** Whether there is no such template; false as well when none is named, or nothing is known. */
  public boolean lack(@Nullable Accelerator wanted, String namespace) {
    if (wanted == null || wanted.resourceClaimTemplate() == null) {
      return false;
    }
    try {
      return client
                  .resources(ResourceClaimTemplate.class)
                  .inNamespace(namespace)
                  .withName(wanted.resourceClaimTemplate())
                  .get()
              == null
          && client.supports(ResourceClaimTemplate.class); // an older cluster has another version
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN) {
        return false;
      }
      throw e;
    }
  }
}
