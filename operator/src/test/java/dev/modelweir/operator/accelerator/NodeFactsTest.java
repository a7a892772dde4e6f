package dev.modelweir.operator.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeFactsTest {

  @Test
  void onlyExtendedResourcesCount() {
    NodeFacts facts =
        node(
            "{capacity: {cpu: '8', memory: 1Gi, hugepages-1Gi: '1', nvidia.com/gpu: '4'},"
                + " allocatable: {nvidia.com/gpu: '4'}}");
    assertThat(facts.resources()).isEqualTo(Map.of("nvidia.com/gpu", 4L));
  }

  /** Its device plugin restarts, and the devices are still in the machine. */
  @Test
  void whatIsOutOfOrderForAMomentCounts() {
    assertThat(
            node("{capacity: {nvidia.com/gpu: '4'}, allocatable: {nvidia.com/gpu: '0'}}")
                .resources())
        .isEqualTo(Map.of("nvidia.com/gpu", 4L));
  }

  @Test
  void aYoungNodeHasNothing() {
    assertThat(node("null").resources()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "product, In, H100|A100, true",
    "product, In, A100, false",
    "absent, In, A100, false",
    "product, NotIn, A100, true",
    "product, NotIn, H100, false",
    "absent, NotIn, H100, true",
    "product, Exists, '', true",
    "absent, Exists, '', false",
    "product, DoesNotExist, '', false",
    "absent, DoesNotExist, '', true",
    "memory, Gt, 81558, true",
    "memory, Gt, 81559, false",
    "memory, Lt, 81560, true",
    "memory, Lt, 81559, false",
    "absent, Gt, 0, false",
    "absent, Lt, 5, false",
    "product, Gt, 0, false",
    "product, Lt, 5, false",
    "product, Resembles, H100, false",
  })
  void requirementsAreReadAsTheSchedulerReadsThem(
      String label, String operator, String values, boolean met) {
    var facts = new NodeFacts("n", Map.of("product", "H100", "memory", "81559"), Map.of());
    var requirement =
        new NodeSelectorRequirement(
            label, operator, values.isEmpty() ? List.of() : List.of(values.split("\\|", -1)));
    assertThat(facts.meets(requirement)).isEqualTo(met);
  }

  private static NodeFacts node(String status) {
    return NodeFacts.of(
        Serialization.unmarshal(
            "--- {apiVersion: v1, kind: Node, metadata: {name: n}, status: %s}".formatted(status),
            Node.class));
  }
}
