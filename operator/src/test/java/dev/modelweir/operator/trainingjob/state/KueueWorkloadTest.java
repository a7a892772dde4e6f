package dev.modelweir.operator.trainingjob.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.QueueStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What Kueue says, in our words. */
class KueueWorkloadTest {

  @Test
  void saysWhatKueueWaitsFor() {
    assertThat(
            queue(
                """
                - {type: QuotaReserved, status: "False", reason: WaitingForQuota, message: "couldn't assign flavors to pod set main: insufficient unused quota"}
                """))
        .contains(
            new QueueStatus(
                null,
                "WaitingForQuota",
                "Kueue: couldn't assign flavors to pod set main: insufficient unused quota (WaitingForQuota)"));
  }

  @Test
  void quotaIsNotYetAdmission() {
    assertThat(
            queue(
                """
                - {type: Admitted, status: "False", reason: NoChecks, message: waits for a check}
                - {type: QuotaReserved, status: "True", reason: QuotaReserved, message: in}
                """))
        .map(QueueStatus::message)
        .contains("Kueue: waits for a check (NoChecks)");
  }

  /** For a moment it still has the quota of what it has been told to leave. */
  @Test
  void saysThatTheJobWasTakenBack() {
    assertThat(
            queue(
                """
                - {type: QuotaReserved, status: "True", reason: QuotaReserved, message: in}
                - {type: Admitted, status: "True", reason: Admitted, message: in}
                - {type: Evicted, status: "True", reason: Preempted, message: for another}
                """))
        .map(QueueStatus::message)
        .contains("Kueue: for another (Preempted)");
  }

  @Test
  void whyItWasTakenBackIsNotLostWhenItWaitsAgain() {
    assertThat(
            queue(
                """
                - {type: QuotaReserved, status: "False", reason: Pending, message: no quota}
                - {type: Admitted, status: "False", reason: NoReservation, message: no quota}
                - {type: Evicted, status: "True", reason: Preempted, message: for another}
                """))
        .map(QueueStatus::message)
        .contains("Kueue: for another (Preempted)");
  }

  @Test
  void whatRunsDoesNotWait() {
    assertThat(
            queue(
                """
                - {type: QuotaReserved, status: "True", reason: QuotaReserved, message: in}
                - {type: Admitted, status: "True", reason: Admitted, message: in}
                - {type: Evicted, status: "False", reason: QuotaReserved, message: before}
                """))
        .isEmpty();
  }

  @Test
  void countsThePlacesFromOne() {
    GenericKubernetesResource pending =
        Serialization.unmarshal(
            """
            apiVersion: visibility.kueue.x-k8s.io/v1beta2
            kind: PendingWorkloadsSummary
            metadata: {}
            items:
              - metadata: {name: a, ownerReferences: [{kind: Job, name: a-0, uid: one}]}
                positionInClusterQueue: 0
                positionInLocalQueue: 0
              - metadata: {name: b, ownerReferences: [{kind: Job, name: b-0, uid: two}]}
                positionInClusterQueue: 4
                positionInLocalQueue: 1
              - metadata: {name: stray}
            """,
            GenericKubernetesResource.class);
    assertThat(KueueWorkload.position(pending, "one")).contains(1);
    assertThat(KueueWorkload.position(pending, "two")).contains(5);
    assertThat(KueueWorkload.position(pending, "three")).isEmpty();
    assertThat(KueueWorkload.position(new GenericKubernetesResource(), "one")).isEmpty();
  }

  @Test
  void silenceIsNoReason() {
    assertThat(queue("[]")).isEmpty();
    assertThat(KueueWorkload.queue(new GenericKubernetesResource())).isEmpty();
  }

  private static Optional<QueueStatus> queue(String conditions) {
    String workload =
        "apiVersion: kueue.x-k8s.io/v1beta1\nkind: Workload\nmetadata: {name: w}\nstatus:\n  conditions:\n";
    return KueueWorkload.queue(
        Serialization.unmarshal(workload + conditions.indent(4), GenericKubernetesResource.class));
  }
}
