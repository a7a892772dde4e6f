package dev.modelweir.operator.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodePlacementTest {

  private static final NodeSelectorRequirement H100 =
      new NodeSelectorRequirement("product", "In", List.of("H100"));

  @Test
  void nothingToRequireChangesNothing() {
    assertThat(NodePlacement.require(null, List.of())).isNull();
    Affinity user = affinity("{}");
    assertThat(NodePlacement.require(user, List.of())).isSameAs(user);
  }

  @Test
  void aRequirementComesToEachAlternativeOfTheUser() {
    Affinity user =
        affinity(
            """
            nodeAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                nodeSelectorTerms:
                - matchExpressions: [{key: zone, operator: In, values: [a]}]
                - matchExpressions: [{key: zone, operator: In, values: [b]}]
              preferredDuringSchedulingIgnoredDuringExecution:
              - weight: 1
                preference: {matchExpressions: [{key: fast, operator: Exists}]}
            podAntiAffinity: {}
            """);
    Affinity both = NodePlacement.require(user, List.of(H100));
    var node = both.getNodeAffinity();
    assertThat(node.getRequiredDuringSchedulingIgnoredDuringExecution().getNodeSelectorTerms())
        .hasSize(2)
        .allSatisfy(term -> assertThat(term.getMatchExpressions()).hasSize(2).endsWith(H100));
    assertThat(node.getPreferredDuringSchedulingIgnoredDuringExecution()).hasSize(1);
    assertThat(both.getPodAntiAffinity()).isNotNull();
  }

  @Test
  void withoutWishesOfTheUserItStandsAlone() {
    Affinity affinity = NodePlacement.require(null, List.of(H100));
    assertThat(
            affinity
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms())
        .singleElement()
        .satisfies(term -> assertThat(term.getMatchExpressions()).containsExactly(H100));
  }

  @Test
  void packingIsPreferredBesideWhatTheUserPrefers() {
    Affinity user =
        affinity(
            """
            podAffinity:
              preferredDuringSchedulingIgnoredDuringExecution:
              - weight: 1
                podAffinityTerm: {topologyKey: zone}
            """);
    Affinity both = NodePlacement.packWith(user, "modelweir.dev/training-job");
    assertThat(both.getPodAffinity().getPreferredDuringSchedulingIgnoredDuringExecution())
        .extracting(term -> term.getPodAffinityTerm().getTopologyKey())
        .containsExactly("zone", "kubernetes.io/hostname");
    assertThat(both.getPodAffinity().getRequiredDuringSchedulingIgnoredDuringExecution()).isEmpty();
  }

  private static Affinity affinity(String yaml) {
    return Serialization.unmarshal(yaml, Affinity.class);
  }

  @Test
  void avoidsPlacesBesidesWhatTheUserAvoids() {
    Affinity user = NodePlacement.avoid(null, "rack", Map.of("app", "other"));
    Affinity both = NodePlacement.avoid(user, "topology.kubernetes.io/zone", Map.of("app", "iris"));
    var terms = both.getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecution();
    assertThat(terms)
        .extracting(term -> term.getPodAffinityTerm().getTopologyKey())
        .containsExactly("rack", "topology.kubernetes.io/zone");
    assertThat(terms.getLast().getPodAffinityTerm().getLabelSelector().getMatchLabels())
        .containsExactly(Map.entry("app", "iris"));
    assertThat(user.getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecution())
        .hasSize(1);
  }
}
