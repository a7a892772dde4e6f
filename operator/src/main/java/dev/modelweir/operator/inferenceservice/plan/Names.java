package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelFormat;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The names, labels and owner of everything made for one InferenceService. */
final class Names {

  static final String CONTAINER = "server";
  static final String FETCH_CONTAINER = "fetch";
  static final String HTTP_PORT = "http";
  static final String METRICS_PORT = "metrics";

  private Names() {}

  static ObjectMeta metadata(InferenceService isvc, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(isvc.getMetadata().getNamespace())
        .withLabels(labels(isvc))
        .withOwnerReferences(owner(isvc))
        .build();
  }

  static Map<String, String> labels(InferenceService isvc) {
    boolean custom = isvc.getSpec().model().format() == ModelFormat.CUSTOM;
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("app.kubernetes.io/name", custom ? "custom" : "modelweir-server");
    labels.put("app.kubernetes.io/instance", isvc.getMetadata().getName());
    labels.put("app.kubernetes.io/component", "inference");
    labels.put("app.kubernetes.io/part-of", "modelweir");
    labels.put(Api.MANAGED_BY_LABEL, Api.MANAGED_BY);
    labels.put(Api.INFERENCE_SERVICE_LABEL, isvc.getMetadata().getName());
    return labels;
  }

  static Map<String, String> revisionLabels(InferenceService isvc, String revision) {
    Map<String, String> labels = labels(isvc);
    labels.put(Api.REVISION_LABEL, revision);
    return labels;
  }

  /** Selects the pods of all revisions of a service. */
  static Map<String, String> selector(InferenceService isvc) {
    return Map.of(Api.INFERENCE_SERVICE_LABEL, isvc.getMetadata().getName());
  }

  /** Selects the pods of one revision. */
  static Map<String, String> selector(InferenceService isvc, String revision) {
    return Map.of(
        Api.INFERENCE_SERVICE_LABEL, isvc.getMetadata().getName(), Api.REVISION_LABEL, revision);
  }

  // No blockOwnerDeletion: it would need a permission on finalizers, and nothing waits for it.
  private static OwnerReference owner(InferenceService isvc) {
    return new OwnerReferenceBuilder()
        .withApiVersion(isvc.getApiVersion())
        .withKind(isvc.getKind())
        .withName(isvc.getMetadata().getName())
        .withUid(isvc.getMetadata().getUid())
        .withController(true)
        .build();
  }
}
