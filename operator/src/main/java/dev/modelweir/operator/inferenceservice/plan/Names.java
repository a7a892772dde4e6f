package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.operator.plan.Ownership;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
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
        .withOwnerReferences(Ownership.reference(isvc))
        .build();
  }

  static Map<String, String> labels(InferenceService isvc) {
    boolean custom = isvc.getSpec().model().format() == ModelFormat.CUSTOM;
    Map<String, String> labels =
        Ownership.labels(
            custom ? "custom" : "modelweir-server", isvc.getMetadata().getName(), "inference");
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
}
