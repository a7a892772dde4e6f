package dev.modelweir.operator.registry.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceService;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class ServiceUseTest {

  @Test
  void anAddressUsesNothing() {
    ServiceUse use = ServiceUse.of(service("model: {storageUri: 'oci://r/iris:v1'}", ""));
    assertThat(use.versions()).isEmpty();
    assertThat(use.follows()).isEmpty();
  }

  @Test
  void aVersionIsUsedOnceItIsNamed() {
    assertThat(ServiceUse.of(service("model: {versionRef: {name: iris-a}}", "")).versions())
        .containsExactly("iris-a");
  }

  /** The old revision answers until the new one is ready, and its pods may start anew. */
  @Test
  void whatIsStillServedIsUsedToo() {
    String status =
        "status: {model: {version: iris-b}, traffic: [{version: iris-a}, {revision: x}]}";
    ServiceUse use =
        ServiceUse.of(service("model: {aliasRef: {model: iris, alias: champion}}", status));
    assertThat(use.versions()).containsExactlyInAnyOrder("iris-a", "iris-b");
    assertThat(use.follows()).hasValueSatisfying(a -> assertThat(a.alias()).isEqualTo("champion"));
  }

  @Test
  void aServiceThatLeavesUsesNothingAndItsVersionsHearOfIt() {
    InferenceService leaving = service("model: {versionRef: {name: iris-a}}", "");
    leaving.getMetadata().setDeletionTimestamp("2026-11-24T12:00:00Z");
    assertThat(ServiceUse.of(leaving).versions()).isEmpty();
    assertThat(ServiceUse.evenIfLeaving(leaving).versions()).containsExactly("iris-a");
  }

  private static InferenceService service(String spec, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: InferenceService
        metadata: {name: iris}
        spec: {%s}
        %s
        """
            .formatted(spec, status),
        InferenceService.class);
  }
}
