package dev.modelweir.operator.trainingjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.state.Attempt;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIGroupBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of Kueue, and what is made of it when it does not answer. */
class KueueWorkloadsTest {

  private static final String PENDING =
      "/apis/visibility.kueue.x-k8s.io/v1beta2/namespaces/default/localqueues/research/pendingworkloads?limit=1000";

  private final KubernetesMockServer server = new KubernetesMockServer(false);
  private final TrainingJob training = Flowers.job(1, spec -> spec.queue("research"));
  private KueueWorkloads kueue;

  @BeforeEach
  void start() {
    server.init();
    kueue = new KueueWorkloads(server.createClient());
  }

  @AfterEach
  void stop() {
    server.destroy();
  }

  @Test
  void isServedWhereTheGroupIs() {
    assertThat(kueue.servedFor(training)).isFalse();
    serve("kueue.x-k8s.io");
    assertThat(kueue.servedFor(training)).as("without a restart").isTrue();
  }

  @Test
  void isNotAskedAboutAJobWithoutAQueue() {
    assertThat(kueue.servedFor(Flowers.job(1))).isFalse();
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void tellsReasonAndPosition() {
    serve("kueue.x-k8s.io");
    serve("visibility.kueue.x-k8s.io");
    answerWithTheWorkload();
    server
        .expect()
        .get()
        .withPath(PENDING)
        .andReturn(
            200,
            resource(
                """
                apiVersion: visibility.kueue.x-k8s.io/v1beta2
                kind: PendingWorkloadsSummary
                metadata: {}
                items:
                  - metadata: {name: job-iris-0, ownerReferences: [{kind: Job, name: iris-0, uid: job-0}]}
                    positionInClusterQueue: 2
                """))
        .always();
    assertThat(said()).contains(new QueueStatus(3, "Pending", "Kueue: no quota (Pending)"));
  }

  /** Kueue is away: each question that is repeated would hold up other trainings. */
  @Test
  void asksOnceForAPositionThatNobodyKnows() {
    serve("kueue.x-k8s.io");
    serve("visibility.kueue.x-k8s.io");
    answerWithTheWorkload();
    server.expect().get().withPath(PENDING).andReturn(503, "service unavailable").always();
    assertThat(said()).contains(new QueueStatus(null, "Pending", "Kueue: no quota (Pending)"));
    assertThat(server.getRequestCount()).isEqualTo(4);
  }

  @Test
  void isSilentWhenKueueIs() {
    assertThat(said()).isEmpty();
  }

  private Optional<QueueStatus> said() {
    Job waiting =
        new JobBuilder(Flowers.waiting(training, 0))
            .editMetadata()
            .addToLabels(Attempt.KUEUE_LABEL, "research")
            .endMetadata()
            .build();
    return kueue.complete(Flowers.seen(List.of(waiting))).queue();
  }

  private void serve(String group) {
    APIGroup answer =
        new APIGroupBuilder()
            .withName(group)
            .withNewPreferredVersion(group + "/v1beta2", "v1beta2")
            .build();
    server.expect().get().withPath("/apis/" + group).andReturn(200, answer).always();
  }

  private void answerWithTheWorkload() {
    server
        .expect()
        .get()
        .withPath(
            "/apis/kueue.x-k8s.io/v1beta2/namespaces/default/workloads?labelSelector=kueue.x-k8s.io%2Fjob-uid%3Djob-0")
        .andReturn(
            200,
            resource(
                """
                apiVersion: kueue.x-k8s.io/v1beta2
                kind: WorkloadList
                metadata: {}
                items:
                  - apiVersion: kueue.x-k8s.io/v1beta2
                    kind: Workload
                    metadata: {name: job-iris-0}
                    status:
                      conditions:
                        - {type: QuotaReserved, status: "False", reason: Pending, message: no quota}
                """))
        .always();
  }

  private static GenericKubernetesResource resource(String yaml) {
    return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
  }
}
