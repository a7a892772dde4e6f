package dev.modelweir.operator.inferenceservice.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceService;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {

  private static final String IRIS = "model: {format: ONNX, storageUri: 'oci://r/iris:v1'}";
  private static final String FULL =
      """
      model: {format: ONNX, storageUri: 'oci://r/iris:v1'}
      runtime:
        resources: {limits: {memory: 1Gi, cpu: '1'}}
        podTemplate:
          labels: {a: b, c: d}
          affinity: {podAffinity: {x: 1, y: 2}}
          env: [{name: A, value: a}, {name: B, value: b}]
      """;

  /** A change of this value renames every revision in the world, which restarts every pod. */
  @Test
  void theNameIsTheSameInEveryVersion() {
    assertThat(revision(IRIS)).isEqualTo("iris-ed0bced4");
  }

  @Test
  void replicasDoNotMatter() {
    assertThat(revision(IRIS + "\nreplicas: 7")).isEqualTo(revision(IRIS));
  }

  @Test
  void absentAndNullAreTheSame() {
    assertThat(revision("model: {format: ONNX, storageUri: 'oci://r/iris:v1', digest: null}"))
        .isEqualTo(revision(IRIS));
    assertThat(revision(IRIS + "\nruntime: null")).isEqualTo(revision(IRIS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runtime: {}",
        "runtime: {resources: {}, podTemplate: {labels: {}, env: []}}",
        "runtime: {resources: {limits: {}}}",
      })
  void whatIsEmptyIsAbsent(String runtime) {
    assertThat(revision(IRIS + "\n" + runtime)).isEqualTo(revision(IRIS));
  }

  @Test
  void theSameAmountWrittenDifferentlyIsTheSame() {
    assertThat(revision(FULL.replace("cpu: '1'", "cpu: 1000m").replace("1Gi", "1024Mi")))
        .isEqualTo(revision(FULL));
    assertThat(revision(FULL.replace("cpu: '1'", "cpu: 1e0"))).isEqualTo(revision(FULL));
    assertThat(revision(FULL.replace("1Gi", "1G"))).isNotEqualTo(revision(FULL));
  }

  @Test
  void fieldsOfANewerVersionDoNotMatter() {
    assertThat(revision(IRIS + "\nscaling: {minReplicas: 0}")).isEqualTo(revision(IRIS));
  }

  @Test
  void theOrderOfKeysDoesNotMatter() {
    String turned =
        """
        runtime:
          podTemplate:
            env: [{value: a, name: A}, {value: b, name: B}]
            affinity: {podAffinity: {y: 2, x: 1}}
            labels: {c: d, a: b}
          resources: {limits: {cpu: '1', memory: 1Gi}}
        model: {storageUri: 'oci://r/iris:v1', format: ONNX}
        """;
    assertThat(revision(turned)).isEqualTo(revision(FULL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iris:v1|iris:v2",
        "memory: 1Gi|memory: 2Gi",
        "c: d|c: e",
        "y: 2|y: 3",
        "value: b|value: c",
        "{name: A, value: a}, {name: B, value: b}|{name: B, value: b}, {name: A, value: a}",
        "format: ONNX|digest: 'sha256:0', format: ONNX",
      })
  void whatChangesThePodsChangesTheName(String change) {
    String[] fromTo = change.split("\\|", 2);
    String changed = FULL.replace(fromTo[0], fromTo[1]);
    assertThat(changed).isNotEqualTo(FULL);
    assertThat(revision(changed)).isNotEqualTo(revision(FULL));
  }

  @Test
  void theNameFitsALabelEvenForTheLongestService() {
    InferenceService isvc = isvc(IRIS);
    isvc.getMetadata().setName("a".repeat(50));
    assertThat(Revision.name(isvc)).hasSizeLessThanOrEqualTo(63);
  }

  private static String revision(String spec) {
    return Revision.name(isvc(spec));
  }

  private static InferenceService isvc(String spec) {
    String text =
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: InferenceService
        metadata: {name: iris}
        spec:
        """
            + spec.indent(2);
    return Serialization.unmarshal(text, InferenceService.class);
  }
}
