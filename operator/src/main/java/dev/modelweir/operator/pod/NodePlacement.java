package dev.modelweir.operator.pod;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.PodAffinity;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds to the affinity that a user wrote, and takes nothing from it. */
public final class NodePlacement {

  private static final int STRONGEST = 100;

  private NodePlacement() {}

  /**
   * Requires labels of the node besides what the user requires. The terms of an affinity are
   * alternatives, so each of them gets the requirements.
   */
  public static @Nullable Affinity require(
      @Nullable Affinity user, List<NodeSelectorRequirement> requirements) {
    if (requirements.isEmpty()) {
      return user;
    }
    List<NodeSelectorTerm> terms = new ArrayList<>();
    for (NodeSelectorTerm term : requiredTerms(user)) {
      terms.add(new NodeSelectorTermBuilder(term).addAllToMatchExpressions(requirements).build());
    }
    if (terms.isEmpty()) {
      terms.add(new NodeSelectorTermBuilder().withMatchExpressions(requirements).build());
    }
    return builder(user)
        .editOrNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .withNodeSelectorTerms(terms)
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .build();
  }

  /**
   * Prefers nodes on which pods with this label run, whatever its value and their namespace, so
   * that other nodes stay free as a whole.
   */
  public static Affinity packWith(@Nullable Affinity user, String label) {
    WeightedPodAffinityTerm together =
        new WeightedPodAffinityTermBuilder()
            .withWeight(STRONGEST)
            .withNewPodAffinityTerm()
            .withTopologyKey("kubernetes.io/hostname")
            .withNewLabelSelector()
            .withMatchExpressions(new LabelSelectorRequirement(label, "Exists", List.of()))
            .endLabelSelector()
            .withNewNamespaceSelector() // an empty one selects all
            .endNamespaceSelector()
            .endPodAffinityTerm()
            .build();
    List<WeightedPodAffinityTerm> terms = new ArrayList<>(preferredPods(user));
    terms.add(together);
    return builder(user)
        .editOrNewPodAffinity()
        .withPreferredDuringSchedulingIgnoredDuringExecution(terms)
        .endPodAffinity()
        .build();
  }

  /**
   * Prefers places, such as zones, in which no pod with these labels runs. Unlike a constraint of
   * {@code topologySpreadConstraints} it leaves those alone that a node has on others: of those the
   * scheduler scores no node that lacks the label of any, so on nodes without zones nothing would
   * be spread at all.
   *
   * @param topologyKey the label of nodes that names their place
   */
  public static Affinity avoid(
      @Nullable Affinity user, String topologyKey, Map<String, String> labels) {
    WeightedPodAffinityTerm apart =
        new WeightedPodAffinityTermBuilder()
            .withWeight(STRONGEST)
            .withNewPodAffinityTerm()
            .withTopologyKey(topologyKey)
            .withNewLabelSelector()
            .withMatchLabels(labels)
            .endLabelSelector()
            .endPodAffinityTerm()
            .build();
    return builder(user)
        .editOrNewPodAntiAffinity()
        .addToPreferredDuringSchedulingIgnoredDuringExecution(apart)
        .endPodAntiAffinity()
        .build();
  }

  private static AffinityBuilder builder(@Nullable Affinity user) {
    return user == null ? new AffinityBuilder() : new AffinityBuilder(user);
  }

  private static List<NodeSelectorTerm> requiredTerms(@Nullable Affinity user) {
    return Optional.ofNullable(user)
        .map(Affinity::getNodeAffinity)
        .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
        .map(required -> required.getNodeSelectorTerms())
        .orElse(List.of());
  }

  private static List<WeightedPodAffinityTerm> preferredPods(@Nullable Affinity user) {
    return Optional.ofNullable(user)
        .map(Affinity::getPodAffinity)
        .map(PodAffinity::getPreferredDuringSchedulingIgnoredDuringExecution)
        .orElse(List.of());
  }
}
