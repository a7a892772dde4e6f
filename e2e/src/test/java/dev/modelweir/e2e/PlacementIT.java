package dev.modelweir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.GhostNode;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.harness.TruthWatch;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Where the real scheduler and the queue put pods when several nodes have devices: two with eight
 * large cards each, and one with eight small ones, all tainted as such nodes usually are.
 */
@EndToEnd
@Order(6)
class PlacementIT {
  private static final String GPU = "nvidia.com/gpu";
  private static final String LARGE = "NVIDIA-H100-80GB-HBM3";
  private static final String SMALL = "NVIDIA-A100-SXM4-40GB";

  @AutoClose private static TruthWatch truth;

  private final Platform platform;
  private final TestNamespace namespace;
  private final List<GhostNode> large = new ArrayList<>();
  private final List<GhostNode> small = new ArrayList<>();

  PlacementIT(Platform platform, TestNamespace namespace, EmbeddedCluster whoseNodesMayBeChanged) {
    this.platform = platform;
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

  @BeforeEach
  void addNodes() {
    large.add(node("large-1", LARGE, 81559));
    large.add(node("large-2", LARGE, 81559));
    small.add(node("small-1", SMALL, 40960));
    // All at once, or the first one would get what is to be spread.
    large.forEach(GhostNode::awaitSchedulable);
    small.forEach(GhostNode::awaitSchedulable);
  }

  @AfterEach
  void removeNodes() {
    namespace.kubectl("delete", "isvc,tj", "--all").output();
    large.forEach(GhostNode::close);
    small.forEach(GhostNode::close);
  }

  private GhostNode node(String name, String product, int mebibytes) {
    return GhostNode.create(
        platform,
        name,
        GPU,
        Map.of(
            GhostNode.POOL,
            "gpus",
            GPU + ".product",
            product,
            GPU + ".memory",
            Integer.toString(mebibytes)),
        Map.of(GPU, "8"));
  }

  /** Eight of one node, and the other stays free as a whole. */
  @Test
  void trainingsOfFourDevicesArePackedOntoOneNode() {
    try (TestNamespace other = platform.namespace("placement-of-others")) {
      packs(other);
    }
  }

  private void packs(TestNamespace other) {
    Training first = training("first", "count: 4, minMemory: 64Gi", "");
    String node = run(first).getFirst();
    assertThat(names(large)).contains(node);

    Training second = training(other, "second", "count: 4, products: [%s]".formatted(LARGE), "");
    assertThat(run(second)).as("beside one of another namespace").containsExactly(node);
    Training whole = training("whole", "count: 8, products: [%s]".formatted(LARGE), "");
    assertThat(run(whole)).hasSize(1).doesNotContain(node);
    delete(first, second, whole);
  }

  @Test
  void productsAndMemoryChooseTheNode() {
    Training named = training("named", "count: 2, products: [%s]".formatted(SMALL), "");
    assertThat(names(small)).containsAll(run(named));
    Training roomy = training("roomy", "count: 2, minMemory: 41Gi", "workers: 2\n");
    assertThat(names(large)).containsAll(run(roomy));
    delete(named, roomy);

    Training impossible =
        training("impossible", "count: 1, products: [%s], minMemory: 64Gi".formatted(SMALL), "");
    assertThat(
            Training.condition(impossible.awaitReason(Reason.IMPOSSIBLE_ACCELERATOR), "Succeeded")
                .message())
        .contains(SMALL + ", 40960 MiB");
    assertThat(impossible.pods()).isEmpty();
    delete(impossible);
  }

  /** Four devices are free, but no two more than two on one node. */
  @Test
  void whatIsLeftInPiecesIsNotEnough() {
    Training six = training("six", "count: 6, products: [%s]".formatted(LARGE), "workers: 2\n");
    assertThat(Set.copyOf(run(six))).isEqualTo(names(large));

    Training four = training("four", "count: 4, products: [%s]".formatted(LARGE), "");
    TrainingJobStatus waiting =
        four.await(
            "waits for devices",
            status ->
                status.phase() == TrainingPhase.QUEUED
                    && status.queue() != null
                    && String.valueOf(status.queue().message()).contains(GPU));
    assertThat(requireNonNull(waiting.queue()).position()).isEqualTo(1);
    assertThat(four.pods()).isEmpty();
    delete(six);
    assertThat(names(large)).containsAll(run(four));
    delete(four);
  }

  @Test
  void replicasOfAServiceAreSpread() {
    Isvc isvc =
        namespace
            .isvc("spread")
            .apply(
                """
                model:
                  format: ONNX
                  storageUri: oci://registry.modelweir.dev/examples/iris:v1
                replicas: 2
                runtime:
                  podTemplate: {nodeSelector: {%s: gpus}}
                  accelerator: {vendor: NVIDIA, count: 4, products: [%s]}
                """
                    .formatted(GhostNode.POOL, LARGE));
    List<Pod> pods =
        Await.until(
            "both replicas are placed",
            Isvc.PATIENCE,
            () -> namespace.podsOf("spread"),
            found -> found.size() == 2 && found.stream().allMatch(PlacementIT::isPlaced));
    assertThat(pods.stream().map(PlacementIT::nodeOf).collect(Collectors.toSet()))
        .isEqualTo(names(large));
    isvc.delete();
  }

  private Training training(String name, String accelerator, String more) {
    return training(namespace, name, accelerator, more);
  }

  private static Training training(
      TestNamespace where, String name, String accelerator, String more) {
    return where
        .training(name)
        .apply(
            Trainings.iris()
                + """
                  podTemplate: {nodeSelector: {%s: gpus}}
                  accelerator: {vendor: NVIDIA, %s}
                """
                    .formatted(GhostNode.POOL, accelerator)
                + more);
  }

  /** Lets the workers of a training run as soon as all are placed, and tells on which nodes. */
  private List<String> run(Training training) {
    int wanted = Objects.requireNonNullElse(training.get().getSpec().workers(), 1);
    List<Pod> workers =
        Await.until(
            "all workers of %s are placed".formatted(training.name()),
            Training.PATIENCE,
            training::pods,
            pods -> pods.size() == wanted && pods.stream().allMatch(PlacementIT::isPlaced));
    workers.forEach(worker -> GhostNode.run(platform.client(), worker));
    training.awaitPhase(TrainingPhase.RUNNING);
    return workers.stream().map(PlacementIT::nodeOf).toList();
  }

  private void delete(Training... trainings) {
    for (Training training : trainings) {
      training.delete();
      training
          .podsOfAllKinds()
          .forEach(pod -> platform.client().pods().resource(pod).withGracePeriod(0).delete());
    }
  }

  private static boolean isPlaced(Pod pod) {
    return pod.getSpec().getNodeName() != null;
  }

  private static String nodeOf(Pod pod) {
    return pod.getSpec().getNodeName();
  }

  private static Set<String> names(List<GhostNode> nodes) {
    return nodes.stream().map(GhostNode::name).collect(Collectors.toSet());
  }
}
