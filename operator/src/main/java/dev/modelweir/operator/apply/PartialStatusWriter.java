package dev.modelweir.operator.apply;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Set;

/**
 * Writes a part of a status beside the reconciler of the object. It belongs to a field manager of
 * its own, so neither touches what the other says.
 */
public final class PartialStatusWriter {

  private static final ObjectMapper JSON = new ObjectMapper();

  // Deleted meanwhile, or deleted and made anew.
  private static final Set<Integer> GONE = Set.of(404, 409);

  private final KubernetesClient client;
  private final PatchContext apply;

  /**
   * @param manager whom the part belongs to
   */
  public PartialStatusWriter(KubernetesClient client, String manager) {
    this.client = client;
    this.apply =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(manager)
            .withForce(true)
            .build();
  }

  /**
   * @param object that the status is of
   * @param part all that the manager has to say; what it said before and says no more is removed
   * @throws KubernetesClientException when the API server cannot take it now
   */
  public void write(HasMetadata object, Map<String, ?> part) {
    Map<String, Object> status =
        Map.of(
            "apiVersion",
            object.getApiVersion(),
            "kind",
            object.getKind(),
            "metadata",
            Map.of(
                "name", object.getMetadata().getName(),
                "namespace", object.getMetadata().getNamespace(),
                "uid", object.getMetadata().getUid()),
            "status",
            part);
    try {
      client
          .resource(object)
          .subresource("status")
          .patch(apply, JSON.valueToTree(status).toString());
    } catch (KubernetesClientException e) {
      if (!GONE.contains(e.getCode())) {
        throw e;
      }
    }
  }
}
