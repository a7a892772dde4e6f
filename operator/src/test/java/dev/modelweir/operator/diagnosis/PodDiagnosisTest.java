package dev.modelweir.operator.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pods of kinds whose pods run once; those of an InferenceService are in the golden cases. */
class PodDiagnosisTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final PodSubject SUBJECT =
      new PodSubject(
          "template",
          List.of(
              new PodSubject.Source(
                  "input flowers",
                  "input-flowers",
                  "s3://data/flowers.csv",
                  "inputs[0].uri",
                  "inputs[0].digest",
                  false,
                  Reason.FETCHING_MODEL,
                  Reason.MODEL_NOT_FOUND)),
          false);

  @Test
  void aPodThatRunsOnceTellsHowItsContainerEnded() {
    Finding finding = find("{phase: Failed, containerStatuses: [" + ended(1, "Error") + "]}");
    assertThat(finding.reason()).isEqualTo(Reason.CRASH_LOOPING);
    assertThat(finding.exitCode()).isEqualTo(1);
    assertThat(finding.message())
        .contains("last line: no such column", "`kubectl logs -n default iris-0 -c train`");
  }

  @Test
  void theRemedyNamesTheFieldsOfItsKind() {
    assertThat(find("{phase: Failed, containerStatuses: [" + ended(137, "OOMKilled") + "]}"))
        .extracting(Finding::message)
        .asString()
        .contains("raise `template.resources.limits.memory`");
    assertThat(
            find(
                "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', message: '0/1"
                    + " nodes are available: 1 Insufficient nvidia.com/gpu.'}]}"))
        .extracting(Finding::message)
        .asString()
        .contains("no node has enough nvidia.com/gpu", "`template.podTemplate`");
  }

  /** More room on the nodes would not help. */
  @Test
  void aClaimWithoutAVolumeIsToldAsThat() {
    Finding finding =
        find(
            "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', message: '0/1 nodes"
                + " are available: pod has unbound immediate PersistentVolumeClaims. not found'}]}");
    assertThat(finding.reason()).isEqualTo(Reason.UNSCHEDULABLE);
    assertThat(finding.message())
        .startsWith("a claim of pod iris-0 has no volume: ")
        .contains("`kubectl get pvc -n default`")
        .doesNotContain("resources");
  }

  @Test
  void anEvictedPodIsNotBlamedOnItsContainer() {
    Finding finding =
        find(
            "{phase: Failed, reason: Evicted, message: 'Pod was preempted', containerStatuses: ["
                + ended(143, "Error")
                + "]}");
    assertThat(finding.reason()).isEqualTo(Reason.STARTING);
  }

  @Test
  void aDownloadIsKnownByItsContainer() {
    Finding finding =
        find(
            "{phase: Pending, initContainerStatuses: [{name: input-flowers, ready: false, state:"
                + " {running: {startedAt: '2026-11-24T11:00:00Z'}}}]}");
    assertThat(finding.message()).isEqualTo("pod iris-0 downloads s3://data/flowers.csv");
  }

  @Test
  void whatIsMountedIsReadOnly() {
    for (String uri : List.of("oci://registry/data:v1", "pvc://data/train")) {
      assertThat(
              new PodSubject.Source(
                      "input data",
                      "input-data",
                      uri,
                      "",
                      "",
                      true,
                      Reason.STARTING,
                      Reason.STARTING)
                  .verb())
          .isEqualTo("reads");
    }
  }

  private static String ended(int code, String reason) {
    return "{name: train, ready: false, state: {terminated: {exitCode: %d, reason: %s, message: \"epoch 1\\nno such column\"}}}"
        .formatted(code, reason);
  }

  private static Finding find(String status) {
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: iris-0, namespace: default}
            spec: {restartPolicy: Never, nodeName: node-1, containers: [{name: train}]}
            status: %s
            """
                .formatted(status),
            Pod.class);
    Optional<Finding> finding = PodDiagnosis.of(SUBJECT, pod, null, NOW);
    return finding.orElseThrow();
  }
}
