package dev.modelweir.e2e;

import static dev.modelweir.e2e.harness.Training.condition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.ConcurrentTest;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.TrainingWatch;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.harness.TruthWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;

/**
 * With the real Kueue, which comes while the operator runs: it decides, and the operator lets it.
 * Each test has a ClusterQueue of its own.
 */
@EndToEnd
@Order(15)
class KueueIT {
  private static final String CLAIM = "training";
  private static final Pattern RESUMED = Pattern.compile("going on from step (\\d+)");

  @AutoClose private static TruthWatch truth;

  private static Path claim;

  private final TestNamespace namespace;

  KueueIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  static void install(EmbeddedCluster cluster, TestNamespace namespace) throws IOException {
    claim = namespace.claim(cluster, CLAIM);
    truth = new TruthWatch(namespace);
    cluster.installKueue();
    namespace.apply(
        """
        apiVersion: kueue.x-k8s.io/v1beta2
        kind: ResourceFlavor
        metadata: {name: anything}
        ---
        apiVersion: kueue.x-k8s.io/v1beta2
        kind: WorkloadPriorityClass
        metadata: {name: urgent}
        value: 1000
        """);
  }

  @AfterAll
  static void remove(EmbeddedCluster cluster, TestNamespace namespace) {
    namespace.kubectl("delete", "tj", "--all").output();
    Await.until(
        "no Workload is left",
        Training.PATIENCE,
        () -> namespace.kubectl("get", "jobs,workloads.kueue.x-k8s.io", "-o", "name").output(),
        String::isBlank);
    cluster.removeKueue();
    truth.assertKept();
  }

  @ConcurrentTest
  void twoThatDoNotFitTogetherRunOneAfterTheOther() {
    queue("small", "");
    Training first = namespace.training("first").apply(spec("small", "100"));
    first.awaitPhase(TrainingPhase.RUNNING);
    Training second =
        namespace
            .training("second")
            .apply(spec("small", "0") + Trainings.output("pvc://training/models", "second"));
    TrainingJobStatus waiting =
        second.await(
            "waits for quota at the head of the queue",
            status ->
                status.phase() == TrainingPhase.QUEUED
                    && status.queue() != null
                    && Objects.equals(status.queue().position(), 1)
                    && said(status.queue()).contains("insufficient"));
    assertThat(requireNonNull(waiting.queue()).reason()).as("Kueue's").isEqualTo("Pending");
    assertThat(condition(waiting, "QuotaReserved").reason())
        .isEqualTo(Reason.WAITING_FOR_QUOTA.word());
    assertThat(condition(waiting, "QuotaReserved").status()).isEqualTo("False");
    assertThat(second.shown().getLast()).matches("second +Queued +0/1 +0 +1 +0 .*");
    assertThat(second.pods()).isEmpty();

    TrainingJobStatus firstDone = first.awaitSucceeded();
    TrainingJobStatus secondDone = second.awaitSucceeded();
    assertThat(firstDone.restartsTotal()).isZero();
    assertThat(secondDone.restartsTotal()).isZero();
    assertThat(secondDone.modelVersion()).startsWith("second-");
    assertThat(Instant.parse(requireNonNull(secondDone.startedAt())))
        .isAfterOrEqualTo(
            Instant.parse(requireNonNull(requireNonNull(firstDone.attempt()).finishedAt())));
  }

  /** Kueue suspends the Job; the workers save, the training waits again and goes on from there. */
  @ConcurrentTest
  void oneOfHigherPriorityTakesThePlaceOfAnother() {
    queue("contested", "preemption: {withinClusterQueue: LowerPriority}");
    Training modest = namespace.training("modest");
    modest.apply(
        spec("contested", "100") + "retries: {application: 0}\n" + Trainings.checkpoints(CLAIM, 2));
    modest.awaitPhase(TrainingPhase.RUNNING);
    long before = modest.awaitCheckpoint(claim);

    Training urgent = namespace.training("urgent");
    urgent.apply("kueue.x-k8s.io/priority-class: urgent", spec("contested", "40"));
    TrainingJobStatus waiting =
        modest.await(
            "waits again",
            status ->
                status.phase() == TrainingPhase.QUEUED
                    && requireNonNull(status.attempt()).number() == 1);
    assertThat(waiting.restarts()).isEqualTo(new RestartCounts(0, 1, 0));
    assertThat(namespace.eventsOf("TrainingJob", "modest"))
        .anyMatch(event ->
            event.getReason().equals(Reason.DISRUPTED.word())
                && event.getMessage().contains("Kueue has stopped the attempt; Kueue: Preempted"));
    assertThat(urgent.awaitSucceeded().restartsTotal()).isZero();

    modest.await("runs again", status -> status.phase() == TrainingPhase.RUNNING);
    Matcher resumed =
        Await.until(
            "the worker says where it goes on from",
            Training.PATIENCE,
            () -> RESUMED.matcher(modest.log(modest.worker(1, 0))),
            Matcher::find);
    assertThat(Long.parseLong(resumed.group(1))).isGreaterThanOrEqualTo(before);
    assertThat(modest.awaitSucceeded().restarts()).isEqualTo(new RestartCounts(0, 1, 0));
  }

  @ConcurrentTest
  void aSuspendedTrainingHoldsNoQuotaAndNoPlace() {
    queue("shared", "");
    Training holder = namespace.training("holder").apply(spec("shared", "1000"));
    holder.awaitPhase(TrainingPhase.RUNNING);
    Training rests = namespace.training("rests").apply(spec("shared", "0"));
    rests.awaitPhase(TrainingPhase.QUEUED);

    rests.suspend(true);
    rests.awaitPhase(TrainingPhase.SUSPENDED);
    holder.suspend(true);
    holder.awaitPhase(TrainingPhase.SUSPENDED);
    Await.until(
        "Kueue holds nothing for either",
        Training.PATIENCE,
        () -> namespace.kubectl("get", "workloads.kueue.x-k8s.io", "-o", "name").output(),
        names -> !names.contains("rests") && !names.contains("holder"));

    try (TrainingWatch watch = new TrainingWatch(rests)) {
      rests.suspend(false);
      assertThat(rests.awaitSucceeded().restartsTotal()).isZero();
      assertThat(watch.wronglySuspended()).isEmpty();
    }
  }

  /** A LocalQueue that is not there, which Kueue says of the Workload. */
  @ConcurrentTest
  void whatKueueSaysIsPassedOn() {
    Training lost = namespace.training("lost").apply(spec("nowhere", "0"));
    TrainingJobStatus waiting =
        lost.await(
            "says what is missing",
            status ->
                status.queue() != null
                    && said(status.queue()).startsWith("Kueue: ")
                    && said(status.queue()).contains("nowhere"));
    assertThat(waiting.phase()).isEqualTo(TrainingPhase.QUEUED);
    assertThat(requireNonNull(waiting.queue()).position()).isNull();
    lost.delete();
  }

  @ConcurrentTest
  void theBuiltInQueueDecidesOnWhatNamesNoOther() {
    Training plain = namespace.training("plain").apply(Trainings.iris("--epochs", "1"));
    plain.awaitSucceeded();
    assertThat(namespace.kubectl("get", "workloads.kueue.x-k8s.io", "-o", "name").output())
        .doesNotContain("job-plain-");
  }

  /** Less than all workers would wait for each other, so Kueue is not asked to let in a part. */
  @ConcurrentTest
  void aGangStartsAsAWholeOrNotAtAll() {
    queue("gangs", 3, "anything", "");
    Training one = namespace.training("one").apply(spec("gangs", "100"));
    one.awaitPhase(TrainingPhase.RUNNING);
    Training three = namespace.training("three").apply(spec("gangs", "0") + "workers: 3\n");
    Training four = namespace.training("four");
    namespace.apply(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: TrainingJob
        metadata:
          name: four
          annotations: {kueue.x-k8s.io/job-min-parallelism: "1"}
        spec:
        %s\
        """
            .formatted((spec("gangs", "0") + "workers: 4\n").indent(2)));
    three.await(
        "waits for quota",
        status -> status.queue() != null && said(status.queue()).contains("insufficient"));
    assertThat(three.shown().getLast()).matches("three +Queued +0/3 .*");
    assertThat(three.pods()).isEmpty();

    one.awaitSucceeded();
    assertThat(three.awaitSucceeded().restartsTotal()).isZero();
    assertThat(three.pods()).hasSize(3);
    four.await(
        "is too large for ever",
        status -> status.queue() != null && said(status.queue()).contains("insufficient"));
    assertThat(four.pods()).isEmpty();
    four.delete();
  }

  /** Kueue writes the node labels of a flavor into the Job that waits; they stay there. */
  @ConcurrentTest
  void theFlavorChoosesTheNodes() {
    namespace.apply(
        """
        apiVersion: kueue.x-k8s.io/v1beta2
        kind: ResourceFlavor
        metadata: {name: linux}
        spec:
          nodeLabels: {kubernetes.io/os: linux}
          tolerations: [{key: reserved, operator: Exists}]
        """);
    queue("placed", 1, "linux", "");
    Training training =
        namespace
            .training("placed")
            .apply(
                spec("placed", "40")
                    .replace(
                        "template:\n",
                        "template:\n  podTemplate: {nodeSelector: {kubernetes.io/hostname: modelweir}}\n"));
    training.awaitPhase(TrainingPhase.RUNNING);
    var worker = training.worker(0, 0).getSpec();
    assertThat(worker.getNodeSelector())
        .containsEntry("kubernetes.io/os", "linux")
        .containsEntry("kubernetes.io/hostname", "modelweir");
    assertThat(worker.getTolerations()).anyMatch(one -> "reserved".equals(one.getKey()));
    assertThat(training.awaitSucceeded().restartsTotal()).isZero();
  }

  /** Kueue gives what names no queue to the LocalQueue `default` of a namespace that has one. */
  @ConcurrentTest
  void theQueueCalledDefaultTakesWhatNamesNone(Platform platform, EmbeddedCluster cluster)
      throws IOException {
    try (TestNamespace defaulted = platform.namespace("kueue-default")) {
      defaulted.claim(cluster, CLAIM);
      queue(defaulted, "default", 0, "anything", "");
      Training training =
          defaulted
              .training("taken")
              .apply(
                  Trainings.iris("--epochs", "1")
                      + Trainings.output("pvc://training/models", "taken"));
      training.await(
          "waits for quota",
          status -> status.queue() != null && said(status.queue()).contains("Kueue: "));
      assertThat(training.pods()).isEmpty();

      queue(defaulted, "default", 20, "anything", "");
      TrainingJobStatus done = training.awaitSucceeded();
      assertThat(done.restartsTotal()).isZero();
      assertThat(done.modelVersion()).startsWith("taken-");
      training.delete();
      Await.until(
          "no Workload is left",
          Training.PATIENCE,
          () -> defaulted.kubectl("get", "jobs,workloads.kueue.x-k8s.io", "-o", "name").output(),
          String::isBlank);
    }
  }

  private static String said(QueueStatus queue) {
    return Objects.requireNonNullElse(queue.message(), "");
  }

  /** Room for one worker of the example trainer. */
  private void queue(String name, String more) {
    queue(name, 1, "anything", more);
  }

  /** The same for several, on the nodes of a flavor. */
  private void queue(String name, int workers, String flavor, String more) {
    queue(namespace, name, workers, flavor, more);
  }

  private static void queue(
      TestNamespace namespace, String name, int workers, String flavor, String more) {
    namespace.apply(
        """
        apiVersion: kueue.x-k8s.io/v1beta2
        kind: ClusterQueue
        metadata: {name: %1$s}
        spec:
          namespaceSelector: {}
          resourceGroups:
            - coveredResources: [cpu, memory]
              flavors:
                - name: %3$s
                  resources: [{name: cpu, nominalQuota: %4$dm}, {name: memory, nominalQuota: %5$dMi}]
          %2$s
        ---
        apiVersion: kueue.x-k8s.io/v1beta2
        kind: LocalQueue
        metadata: {name: %1$s}
        spec: {clusterQueue: %1$s}
        """
            .formatted(name, more, flavor, 50 * workers, 1024 * workers));
  }

  private static String spec(String queue, String stepMillis) {
    return Trainings.iris("--min-step-millis", stepMillis) + "queue: %s\n".formatted(queue);
  }
}
