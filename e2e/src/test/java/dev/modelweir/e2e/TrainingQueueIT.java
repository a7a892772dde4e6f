package dev.modelweir.e2e;

import static java.util.Collections.nCopies;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.GpuSeconds;
import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.harness.TruthWatch;
import dev.modelweir.e2e.harness.WorkersWatch;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Gangs on the four devices of the embedded cluster: all of one or none of it. */
@EndToEnd
@Order(14)
class TrainingQueueIT {
  /** How long the Job controller may take to see that all workers have ended. */
  private static final int NOTICE_SECONDS = 5;

  private static final int CROWD = 250;

  @AutoClose private static TruthWatch truth;

  private final TestNamespace namespace;

  TrainingQueueIT(TestNamespace namespace, EmbeddedCluster cluster) {
    this.namespace = namespace;
  }

  @BeforeAll
  static void watch(TestNamespace namespace) {
    truth = new TruthWatch(namespace);
  }

  @AfterAll
  static void nothingWasSaidThatWasNotSo() {
    truth.assertKept();
  }

  @Test
  void twoGangsThatDoNotFitTogetherRunOneAfterTheOther() {
    try (WorkersWatch watch = new WorkersWatch(namespace)) {
      Training first = gang("first", "");
      Training second = gang("second", "");
      TrainingJobStatus waiting =
          second.await(
              "waits", status -> status.phase() == TrainingPhase.QUEUED && status.queue() != null);
      QueueStatus queue = requireNonNull(waiting.queue());
      assertThat(queue.position()).isEqualTo(1);
      assertThat(queue.message()).isNotEmpty();

      // All of the second may start beside the last of the first, but never some of it.
      assertThat(first.awaitSucceeded().restartsTotal()).isZero();
      assertThat(second.awaitSucceeded().restartsTotal()).isZero();
      assertThat(second.status().accelerators()).isEqualTo(3);
      assertThat(requireNonNull(second.status().gpuSeconds()).allocated())
          .isBetween(3 * held(second), 3 * (held(second) + NOTICE_SECONDS));
      assertThat(requireNonNull(second.status().gpuSeconds()).lost()).isZero();
      assertThat(watch.mostAtOnce()).isBetween(3, 4);
    }
  }

  @Test
  void thePriorityDecidesWhoIsNext() {
    Training now = gang("now", "");
    now.awaitPhase(TrainingPhase.RUNNING);
    Training later = gang("later", "");
    later.awaitPhase(TrainingPhase.QUEUED);
    Training urgent = gang("urgent", "priority: 10\n");
    urgent.awaitPhase(TrainingPhase.QUEUED);

    later.await(
        "is behind the urgent one",
        status -> status.queue() != null && Objects.equals(status.queue().position(), 2));
    urgent.awaitSucceeded();
    assertThat(later.status().startedAt()).isNull();
    later.awaitSucceeded();
  }

  @Test
  void theQuotaOfTheNamespaceHoldsBackTheWholeGang(Platform platform) {
    try (TestNamespace small = platform.namespace("gang-quota")) {
      small.kubectl("create", "quota", "two", "--hard=requests.nvidia.com/gpu=2").output();
      Training training = small.training("three").apply(spec(""));

      TrainingJobStatus waiting = training.awaitReason(Reason.EXCEEDS_CAPACITY);
      assertThat(waiting.phase()).isEqualTo(TrainingPhase.QUEUED);
      assertThat(Training.condition(waiting, "Stalled").status()).isEqualTo("True");
      assertThat(requireNonNull(waiting.queue()).message()).contains("ResourceQuota two allows 2");
      assertThat(training.pods()).isEmpty();
      assertThat(waiting.startedAt()).isNull();

      small.kubectl("delete", "quota", "two").output();
      training.awaitSucceeded();
    }
  }

  @Test
  void whatOthersUseOfTheQuotaIsWaitedFor(Platform platform) {
    try (TestNamespace shared = platform.namespace("shared-quota")) {
      shared.kubectl("create", "quota", "two", "--hard=pods=2").output();
      // It counts, although no node takes it.
      shared.apply(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: other}
          spec:
            nodeSelector: {there-is: none}
            securityContext:
              {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
            containers:
              - name: other
                image: other
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
          """);
      Await.until(
          "the pod counts",
          Training.PATIENCE,
          () ->
              shared.kubectl("get", "quota", "two", "-o", "jsonpath={.status.used.pods}").output(),
          "1"::equals);
      Training training = shared.training("two").apply(twoWorkers());

      TrainingJobStatus waiting = training.awaitReason(Reason.QUOTA_EXCEEDED);
      assertThat(waiting.phase()).isEqualTo(TrainingPhase.QUEUED);
      assertThat(Training.condition(waiting, "Stalled").status()).isEqualTo("False");
      assertThat(requireNonNull(waiting.queue()).message()).contains("ResourceQuota two leaves 1");
      assertThat(training.pods()).isEmpty();

      shared.kubectl("delete", "pod", "other", "--grace-period=0", "--force").output();
      training.awaitSucceeded();
    }
  }

  /** The worker names no limit of the CPU, and pods get one where the namespace says so. */
  @Test
  void aQuotaForLimitsCountsWhatPodsGetByDefault(Platform platform) {
    try (TestNamespace limited = platform.namespace("limits-quota")) {
      limited.kubectl("create", "quota", "cpu", "--hard=limits.cpu=1500m").output();
      Training training = limited.training("two").apply(twoWorkers());

      assertThat(requireNonNull(training.awaitReason(Reason.QUOTA_EXCEEDED).queue()).message())
          .contains("ResourceQuota cpu demands a limit of cpu");

      limited.apply(
          """
          apiVersion: v1
          kind: LimitRange
          metadata: {name: usual}
          spec: {limits: [{type: Container, default: {cpu: "1"}, defaultRequest: {cpu: 50m}}]}
          """);
      assertThat(requireNonNull(training.awaitReason(Reason.EXCEEDS_CAPACITY).queue()).message())
          .contains("ResourceQuota cpu allows 1.5 of limits.cpu in all");
      assertThat(training.pods()).isEmpty();

      limited
          .kubectl("patch", "quota", "cpu", "-p", "{\"spec\":{\"hard\":{\"limits.cpu\":\"4\"}}}")
          .output();
      training.awaitSucceeded();
    }
  }

  /** Workers name no priority class, and this cluster gives them none. */
  @Test
  void aQuotaForPodsWithoutPriorityClassCountsWorkers(Platform platform) {
    try (TestNamespace small = platform.namespace("priority-quota")) {
      small.apply(
          """
          apiVersion: v1
          kind: ResourceQuota
          metadata: {name: with}
          spec: {hard: {pods: "0"}, scopes: [PriorityClass]}
          ---
          apiVersion: v1
          kind: ResourceQuota
          metadata: {name: without}
          spec:
            hard: {pods: "1"}
            scopeSelector:
              matchExpressions: [{scopeName: PriorityClass, operator: DoesNotExist}]
          """);
      Training training = small.training("two").apply(twoWorkers());

      TrainingJobStatus waiting = training.awaitReason(Reason.EXCEEDS_CAPACITY);
      assertThat(requireNonNull(waiting.queue()).message())
          .contains("ResourceQuota without allows");

      small.kubectl("delete", "quota", "without").output();
      training.awaitSucceeded();
    }
  }

  /** Seconds from when the gang was let in, before its first worker, to the end of the last. */
  private static long held(Training gang) {
    Instant admitted =
        Instant.parse(requireNonNull(requireNonNull(gang.status().attempt()).admittedAt()));
    assertThat(times(gang, ContainerStateTerminated::getStartedAt))
        .allSatisfy(start -> assertThat(start).isAfterOrEqualTo(admitted));
    Instant end =
        times(gang, ContainerStateTerminated::getFinishedAt).max(Instant::compareTo).get();
    return Duration.between(admitted, end).toSeconds();
  }

  private static Stream<Instant> times(
      Training gang, Function<ContainerStateTerminated, String> which) {
    List<Pod> pods = gang.pods();
    assertThat(pods).hasSize(3);
    return pods.stream()
        .map(pod -> pod.getStatus().getContainerStatuses().getFirst().getState())
        .map(ContainerState::getTerminated)
        .map(which)
        .map(Instant::parse);
  }

  /** It fails once, after more than a second and without a checkpoint, so that is lost. */
  @Test
  void allDevicesOfANodeForOneWorker() {
    Training training =
        namespace
            .training("four")
            .apply(
                Trainings.iris(
                        "--epochs", "2", "--min-step-millis", "400", "--fail-first-attempt-at", "5")
                    + "  accelerator: {vendor: NVIDIA, count: 4}\n");

    TrainingJobStatus done = training.awaitSucceeded();
    assertThat(done.accelerators()).isEqualTo(4);
    assertThat(done.restarts()).isEqualTo(new RestartCounts(1, 0, 0));
    GpuSeconds cost = requireNonNull(done.gpuSeconds());
    assertThat(cost.lost()).isBetween(4 * 1L, 4 * 10L);
    assertThat(cost.allocated()).isGreaterThanOrEqualTo(cost.lost() + 4 * 2);
    assertThat(
            training.worker(1, 0).getSpec().getContainers().getFirst().getResources().getLimits())
        .containsEntry("nvidia.com/gpu", new Quantity("4"));
  }

  /** What admission rules forbid is seen only when pods are made. */
  @Test
  void aGangThatDoesNotStartInTimeIsTakenBackAsAWhole(Platform platform) {
    try (TestNamespace narrow = platform.namespace("gang-timeout");
        TruthWatch watch = new TruthWatch(narrow)) {
      String rank = "batch.kubernetes.io/job-completion-index";
      narrow.apply(
          """
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicy
          metadata: {name: %1$s}
          spec:
            matchConstraints:
              namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
              resourceRules:
                - {apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}
            validations:
              - expression: object.metadata.?labels['%2$s'].orValue('0') != '1'
                message: no second worker
          ---
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingAdmissionPolicyBinding
          metadata: {name: %1$s}
          spec: {policyName: %1$s, validationActions: [Deny]}
          """
              .formatted(narrow.name(), rank));
      String second =
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: second, labels: {%s: "1"}}
          spec:
            securityContext:
              {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
            containers:
              - name: worker
                image: worker
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
          """
              .formatted(rank);
      Await.until(
          "the second worker is refused",
          Training.PATIENCE,
          () -> narrow.kubectl("create", "--dry-run=server", "-f", "-").input(second).run().err(),
          said -> said.contains("no second worker"));
      Training training =
          narrow.training("late").apply(twoWorkers() + "scheduling: {gangTimeoutSeconds: 10}\n");

      assertThat(
              Training.condition(training.awaitReason(Reason.POD_REFUSED), "Succeeded").message())
          .contains("no second worker");
      TrainingJobStatus late =
          training.await(
              "is taken back",
              status ->
                  status.phase() == TrainingPhase.RESTARTING
                      && Training.condition(status, "Succeeded").reason().equals("GangTimeout"));
      assertThat(late.restarts()).isEqualTo(new RestartCounts(0, 0, 1));
      assertThat(requireNonNull(late.attempt()).startedAt()).isNull();
      assertThat(late.attempt().message()).contains("no second worker");
      Await.until("no worker is left", Training.PATIENCE, training::pods, List::isEmpty);

      narrow
          .kubectl("delete", "validatingadmissionpolicybindings,validatingadmissionpolicies")
          .with(narrow.name())
          .output();
      assertThat(requireNonNull(training.awaitSucceeded().restarts()).application()).isZero();
      assertThat(watch.lies()).isEmpty();
    }
  }

  /** More than are taken in within the seconds after which each must have a status. */
  @Test
  void ofVeryManyAtOnceEachIsToldWhereItStands(Platform platform) {
    try (TestNamespace crowd = platform.namespace("crowd")) {
      String training =
          """
          apiVersion: modelweir.dev/v1alpha1
          kind: TrainingJob
          metadata: {name: one-%d}
          spec:
            template: {image: never, resources: {requests: {cpu: 1k}}}
          ---
          """;
      crowd.apply(IntStream.range(0, CROWD).mapToObj(training::formatted).collect(joining()));
      List<TrainingJobStatus> told =
          Await.until(
              "each has a status",
              Duration.ofSeconds(20),
              () ->
                  crowd
                      .client()
                      .resources(TrainingJob.class)
                      .inNamespace(crowd.name())
                      .list()
                      .getItems()
                      .stream()
                      .map(TrainingJob::getStatus)
                      .toList(),
              all -> all.size() == CROWD && all.stream().allMatch(one -> one.phase() != null));
      assertThat(told)
          .allSatisfy(status -> assertThat(status.phase()).isEqualTo(TrainingPhase.QUEUED));
      assertThat(told)
          .as("nothing was made for it yet")
          .anyMatch(status ->
              status.queue() != null
                  && requireNonNull(status.queue().message())
                      .contains("to be taken in before this one"));
      Await.until(
          "each is taken in",
          Training.PATIENCE,
          () -> crowd.kubectl("get", "tj", "-o=jsonpath={.items[*].status.queue.reason}").output(),
          words -> words.equals(String.join(" ", nCopies(CROWD, "ExceedsCapacity"))));
    }
  }

  /** There is no Kueue, so the operator decides. */
  @Test
  void aQueueOfKueueIsTheBuiltInOneWhereThereIsNoKueue() {
    namespace
        .training("no-kueue")
        .apply(Trainings.iris("--epochs", "1") + "queue: research\n")
        .awaitSucceeded();
  }

  @Test
  void kueueIsAskedForWhereThereIsNone() {
    Training training =
        namespace
            .training("wants-kueue")
            .apply(
                Trainings.iris("--epochs", "1")
                    + "queue: research\nscheduling: {backend: Kueue}\n");

    TrainingJobStatus blocked = training.awaitReason(Reason.BACKEND_MISSING);
    assertThat(blocked.phase()).isEqualTo(TrainingPhase.PENDING);
    assertThat(Training.condition(blocked, "Stalled").status()).isEqualTo("True");
    assertThat(training.pods()).isEmpty();
    training.delete();
  }

  /** Such as one whose owner was deleted without it. */
  @Test
  void theJobOfAnotherTrainingOfThisNameIsLeftAlone() {
    namespace.apply(
        """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: taken-0
          labels:
            app.kubernetes.io/managed-by: modelweir
            modelweir.dev/training-job: taken
            modelweir.dev/attempt: "0"
        spec:
          suspend: true
          template:
            spec:
              restartPolicy: Never
              containers: [{name: train, image: registry.modelweir.dev/examples/trainer:0.1.0-SNAPSHOT}]
        """);
    String uid = namespace.kubectl("get", "job", "taken-0", "-o=jsonpath={.metadata.uid}").output();
    Training training = namespace.training("taken").apply(Trainings.iris("--epochs", "1"));

    TrainingJobStatus waiting = training.awaitReason(Reason.NAME_CONFLICT);
    assertThat(Training.condition(waiting, "Succeeded").message()).contains("Job taken-0");
    assertThat(
            namespace
                .kubectl("get", "job", "taken-0", "-o=jsonpath={.metadata.uid} {.spec.suspend}")
                .output())
        .isEqualTo(uid + " true");
    namespace.kubectl("delete", "job", "taken-0").output();
    assertThat(training.awaitSucceeded().restartsTotal()).isZero();
  }

  private static String twoWorkers() {
    return Trainings.iris("--epochs", "1") + "workers: 2\n";
  }

  private Training gang(String name, String more) {
    return namespace.training(name).apply(spec(more));
  }

  private static String spec(String more) {
    return Trainings.iris("--min-step-millis", "40")
        + "  accelerator: {vendor: NVIDIA, count: 1}\nworkers: 3\n"
        + more;
  }
}
