package dev.modelweir.operator.inferenceservice.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceService;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShortageTest {

  @Test
  void aClaimNeedsItsTemplate() {
    InferenceService isvc =
        Serialization.unmarshal(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: InferenceService
            metadata: {name: iris, namespace: demo}
            spec:
              model: {format: ONNX, storageUri: 'oci://r/iris:v1'}
              runtime: {accelerator: {vendor: NVIDIA, resourceClaimTemplate: gpus}}
            """,
            InferenceService.class);
    assertThat(Shortage.of(isvc, seen(false))).isEmpty();
    assertThat(Shortage.of(isvc, seen(true)))
        .contains(
            "there is no ResourceClaimTemplate gpus in namespace demo: create it, or correct `accelerator.resourceClaimTemplate`");
  }

  private static Observation seen(boolean templateMissing) {
    return new Observation(
        List.of(), List.of(), Map.of(), Registered.NOTHING, List.of(), templateMissing);
  }
}
