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
