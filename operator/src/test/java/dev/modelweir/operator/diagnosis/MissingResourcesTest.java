package dev.modelweir.operator.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages as kube-scheduler writes them. */
class MissingResourcesTest {

  static Stream<Arguments> messages() {
    return Stream.of(
        arguments(
            "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption:"
                + " 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
            List.of("cpu")),
        arguments(
            "0/3 nodes are available: 1 node(s) had untolerated taint"
                + " {node-role.kubernetes.io/control-plane: }, 2 Insufficient nvidia.com/gpu."
                + " preemption: 0/3 nodes are available: 1 Preemption is not helpful for"
                + " scheduling, 2 No preemption victims found for incoming pod.",
            List.of("nvidia.com/gpu")),
        arguments(
            "0/5 nodes are available: 2 Insufficient memory, 3 Insufficient cpu, 3 Insufficient"
                + " memory.",
            List.of("cpu", "memory")),
        arguments(
            "0/2 nodes are available: 2 Insufficient nvidia.com/mig-1g.5gb.",
            List.of("nvidia.com/mig-1g.5gb")),
        arguments(
            "0/2 nodes are available: 2 Insufficient hugepages-2Mi.", List.of("hugepages-2Mi")),
        arguments(
            "0/2 nodes are available: 1 Insufficient ephemeral-storage, 1 Too many pods.",
            List.of("ephemeral-storage")),
        arguments(
            "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
            List.of()),
        arguments("no nodes available to schedule pods", List.of()),
        arguments("", List.of()));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void findsEachResourceOnce(String message, List<String> missing) {
    assertThat(MissingResources.in(message)).isEqualTo(missing);
  }
}
