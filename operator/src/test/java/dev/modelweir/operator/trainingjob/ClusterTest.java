package dev.modelweir.operator.trainingjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.observe.LeanStore;
import dev.modelweir.operator.trainingjob.admission.Demand;
import dev.modelweir.operator.trainingjob.admission.Room;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is left on the nodes. */
class ClusterTest {

  @Test
  void whatPodsRequestIsTaken() {
    Cluster cluster =
        Cluster.of(
            List.of(node("a", "True").build()),
            List.of(pod("a", "Running", "1500m"), pod("a", "Pending", "1")));
    Room room = cluster.rooms().getFirst();
    assertThat(room.free().get("cpu")).isEqualByComparingTo("1.5");
    assertThat(room.free().get("pods")).isEqualByComparingTo("8");
  }

  @Test
  void whatHasEndedOrHasNoNodeTakesNothing() {
    Cluster cluster =
        Cluster.of(
            List.of(node("a", "True").build()),
            List.of(
                pod("a", "Succeeded", "1"), pod("a", "Failed", "1"), pod(null, "Pending", "1")));
    assertThat(cluster.rooms().getFirst().free().get("cpu")).isEqualByComparingTo("4");
  }

  /** A DaemonSet's pod is on its node for good: what needs the whole node would wait for ever. */
  @Test
  void whatEveryNodeHasIsNoPartOfItsSize() {
    Pod agent =
        new PodBuilder(pod("a", "Running", "1"))
            .editMetadata()
            .addNewOwnerReference()
            .withKind("DaemonSet")
            .endOwnerReference()
            .endMetadata()
            .build();
    var lean = new LeanStore<>(LeanPods::room);
    lean.put(lean.getKey(agent), agent);
    List<Pod> pods = List.of(lean.values().toList().getFirst(), pod("a", "Running", "2"));
    Room room = Cluster.of(List.of(node("a", "True").build()), pods).rooms().getFirst();
    assertThat(room.size().get("cpu")).isEqualByComparingTo("3");
    assertThat(room.free().get("cpu")).isEqualByComparingTo("1");
  }

  @Test
  void nodesThatTakeNoPodsHaveNoRoom() {
    Node cordoned = node("b", "True").editSpec().withUnschedulable(true).endSpec().build();
    assertThat(Cluster.of(List.of(node("a", "Unknown").build(), cordoned), List.of()).rooms())
        .hasSize(2)
        .allSatisfy(room -> {
          assertThat(room.free()).isEmpty();
          assertThat(room.size()).as("which they will have again").containsKey("cpu");
        });
  }

  @Test
  void countsThePlacedWorkersOfAnAttempt() {
    TrainingJob training = Flowers.job(3);
    Job job = Flowers.attempt(training, 0).build();
    Pod placed =
        new PodBuilder(Flowers.running(job, 0)).editSpec().withNodeName("a").endSpec().build();
    Pod unplaced = Flowers.worker(job, 1).build();
    var lean = new LeanStore<>(LeanPods::room);
    List.of(placed, unplaced).forEach(pod -> lean.put(lean.getKey(pod), pod));
    Cluster cluster = Cluster.of(List.of(), lean.values().toList());
    assertThat(cluster.placed(job)).isEqualTo(1);
    assertThat(cluster.placed(Flowers.attempt(training, 1).build())).isZero();
  }

  /** A leaner copy takes the same room. */
  @Test
  void whatIsLeftOutOfAPodDoesNotCount() {
    var lean = new LeanStore<>(LeanPods::room);
    Pod pod =
        new PodBuilder(pod("a", "Running", "2"))
            .editSpec()
            .addToOverhead("cpu", new Quantity("250m"))
            .addNewInitContainer()
            .withName("sidecar")
            .withRestartPolicy("Always")
            .withNewResources()
            .addToRequests("cpu", new Quantity("1"))
            .endResources()
            .endInitContainer()
            .endSpec()
            .build();
    lean.put(lean.getKey(pod), pod);
    Pod kept = lean.values().toList().getFirst();
    assertThat(kept.getMetadata().getAnnotations()).isEmpty();
    assertThat(Demand.requests(kept.getSpec()))
        .usingComparatorForType(BigDecimal::compareTo, BigDecimal.class)
        .isEqualTo(Demand.requests(pod.getSpec()));
  }

  private static NodeBuilder node(String name, String ready) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .addToAllocatable("cpu", new Quantity("4"))
        .addToAllocatable("pods", new Quantity("10"))
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus();
  }

  private static Pod pod(@Nullable String node, String phase, String cpu) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .withNamespace("default")
        .addToAnnotations("note", "long")
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .addNewContainer()
        .withName("c")
        .withNewResources()
        .addToRequests("cpu", new Quantity(cpu))
        .endResources()
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }
}
