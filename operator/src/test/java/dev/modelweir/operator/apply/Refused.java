package dev.modelweir.operator.apply;

import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Refusals as the applier makes them from an answer of the API server. */
public final class Refused {

  private Refused() {}

  public static Refusal by(String kind, String name, int code, String message) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setKind(kind);
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace("default")
            .addNewOwnerReference()
            .withKind("InferenceService")
            .endOwnerReference()
            .build());
    return Refusals.of(object, answer(code, message));
  }

  static KubernetesClientException answer(int code, String message) {
    return new KubernetesClientException(
        new StatusBuilder().withCode(code).withMessage(message).withStatus("Failure").build());
  }
}
