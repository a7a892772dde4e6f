package dev.modelweir.operator.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Accelerator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeasibilityTest {

  private static final NodeFacts PLAIN = node("plain", "", "");
  private static final NodeFacts H100 =
      node("h100", "nvidia.com/gpu=8", "gpu.product=H100,gpu.memory=81559,gpu.replicas=1");
  private static final NodeFacts T4 =
      node("t4", "nvidia.com/gpu=2", "gpu.product=T4,gpu.memory=15360");
  private static final NodeFacts MIG =
      node(
          "mig",
          "nvidia.com/gpu=0,nvidia.com/mig-1g.10gb=7",
          "gpu.product=A100,mig-1g.10gb.memory=9728");
  private static final NodeFacts SHARED =
      node(
          "shared",
          "nvidia.com/gpu.shared=8",
          "gpu.product=T4,gpu.memory=15360,gpu.replicas=4,gpu.sharing-strategy=time-slicing");
  private static final List<NodeFacts> NODES = List.of(PLAIN, H100, T4, MIG, SHARED);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count: 1",
        "count: 8",
        "count: 8, products: [T4, H100]",
        "count: 2, minMemory: 15Gi",
        "count: 8, minMemory: 79Gi",
        "migProfile: 1g.10gb",
        "migProfile: 1g.10gb, minMemory: 9Gi",
        "sharedFraction: 250m",
        "sharedFraction: 100m",
        "resourceClaimTemplate: whatever",
      })
  void whatSomeNodeCanGiveIsPossible(String wish) {
    assertThat(obstacle(wish)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          count: 9;                             a pod needs 9 nvidia.com/gpu and the largest node that matches has 8
          count: 3, products: [T4];             a pod needs 3 nvidia.com/gpu and the largest node that matches has 2
          count: 1, products: [H200];           no node with nvidia.com/gpu matches nvidia.com/gpu.product=H200
          count: 1, minMemory: 90Gi;            no node with nvidia.com/gpu matches nvidia.com/gpu.memory>92159
          migProfile: 2g.20gb;                  no node has nvidia.com/mig-2g.20gb
          migProfile: 1g.10gb, minMemory: 10Gi; no node with nvidia.com/mig-1g.10gb matches nvidia.com/mig-1g.10gb.memory>10239
          sharedFraction: 500m;                 no node with nvidia.com/gpu.shared matches nvidia.com/gpu.replicas<3
          vendor: AMD, count: 1;                no node has amd.com/gpu
          """)
  void whatNoNodeCanEverGiveIsImpossible(String wish, String cause) {
    assertThat(obstacle(wish)).startsWith(cause + "; available: ");
  }

  @Test
  void theMessageListsWhatThereIs() {
    assertThat(
            Feasibility.obstacle(
                DevicesTest.accelerator("count: 9"),
                Map.of(),
                List.of(
                    PLAIN,
                    H100,
                    node("other", "nvidia.com/gpu=8", "gpu.product=H100,gpu.memory=81559"),
                    MIG)))
        .hasValue(
            "a pod needs 9 nvidia.com/gpu and the largest node that matches has 8; available: 1"
                + " node with 7 nvidia.com/mig-1g.10gb (A100), 2 nodes with 8 nvidia.com/gpu (H100,"
                + " 81559 MiB); change `accelerator`, or add such a node");
    assertThat(obstacle("vendor: Intel, count: 1")).contains("available: no device of this vendor");
  }

  @Test
  void aNodeThatOnlySharesItsDevicesHasNoWholeOnes() {
    NodeFacts sharing =
        node("s", "nvidia.com/gpu=8", "gpu.sharing-strategy=time-slicing,gpu.replicas=8");
    NodeFacts sliced = node("m", "nvidia.com/gpu=7", "gpu.slices.gi=1,mig.strategy=single");
    Accelerator one = DevicesTest.accelerator("count: 1");
    assertThat(Feasibility.obstacle(one, Map.of(), List.of(sharing, sliced))).isPresent();
    assertThat(Feasibility.obstacle(one, Map.of(), List.of(sharing, sliced, H100))).isEmpty();
  }

  @Test
  void nodesThatTheSelectorLeavesOutDoNotCount() {
    Accelerator eight = DevicesTest.accelerator("count: 8");
    NodeFacts pool = node("p", "nvidia.com/gpu=4", "pool=ml");
    assertThat(Feasibility.obstacle(eight, Map.of("nvidia.com/pool", "ml"), List.of(H100, pool)))
        .hasValueSatisfying(message -> assertThat(message).contains("has 4"));
  }

  /** Unknown is not zero. */
  @Test
  void withoutNodesNothingIsKnown() {
    assertThat(Feasibility.obstacle(DevicesTest.accelerator("count: 64"), Map.of(), List.of()))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sharedFraction: 0",
        "sharedFraction: 1500m",
        "sharedFraction: -250m",
        "vendor: AMD, sharedFraction: 500m",
        "vendor: Intel, count: 1, minMemory: 16Gi",
        "vendor: Cerebras, count: 1",
      })
  void aWishThatContradictsItselfIsToldWithoutNodes(String wish) {
    assertThat(Feasibility.contradiction(DevicesTest.accelerator(wish)))
        .hasValueSatisfying(message -> assertThat(message).contains("`accelerator.", ": "));
  }

  private static String obstacle(String wish) {
    return Feasibility.obstacle(DevicesTest.accelerator(wish), Map.of(), NODES).orElse("");
  }

  /** Resources and labels as NAME=VALUE, the labels without `nvidia.com/`. */
  private static NodeFacts node(String name, String resources, String labels) {
    return new NodeFacts(
        name,
        pairs(labels).entrySet().stream()
            .collect(
                Collectors.toMap(entry -> "nvidia.com/" + entry.getKey(), Map.Entry::getValue)),
        pairs(resources).entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> Long.valueOf(entry.getValue()))));
  }

  private static Map<String, String> pairs(String text) {
    return text.isEmpty()
        ? Map.of()
        : Arrays.stream(text.split(",", -1))
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }
}
