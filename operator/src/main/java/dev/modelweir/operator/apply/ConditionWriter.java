package dev.modelweir.operator.apply;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes one condition beside those of the reconciler. It belongs to a field manager of its own, so
 * neither touches what the other says.
 */
public final class ConditionWriter {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("modelweir-tracking")
          .withForce(true)
          .build();
  private static final ObjectMapper JSON = new ObjectMapper();

  // Deleted meanwhile, or deleted and made anew.
  private static final Set<Integer> GONE = Set.of(404, 409);

  private final KubernetesClient client;

  public ConditionWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * @param object that the condition is about; it must have a status with conditions
   * @throws KubernetesClientException when the API server cannot take it now
   */
  public void write(HasMetadata object, Condition condition) {
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
            Map.of("conditions", List.of(condition)));
    try {
      client
          .resource(object)
          .subresource("status")
          .patch(APPLY, JSON.valueToTree(status).toString());
    } catch (KubernetesClientException e) {
      if (!GONE.contains(e.getCode())) {
        throw e;
      }
    }
  }
}
