package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.operator.trainingjob.admission.Demand;
import dev.modelweir.operator.trainingjob.admission.Room;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes and what runs on them, at one moment.
 *
 * @param rooms what is left on each node
 * @param placements number of placed pods of each attempt, by {@link #key}
 */
record Cluster(List<Room> rooms, Map<String, Integer> placements) {

  static Cluster of(List<Node> nodes, List<Pod> pods) {
    Map<String, Map<String, BigDecimal>> used = new HashMap<>();
    Map<String, Map<String, BigDecimal>> fixed = new HashMap<>();
    Map<String, Integer> placements = new HashMap<>();
    for (Pod pod : pods) {
      String node = pod.getSpec().getNodeName();
      if (node == null || hasEnded(pod)) {
        continue;
      }
      Map<String, BigDecimal> requests = Demand.requests(pod.getSpec());
      add(requests, used.computeIfAbsent(node, name -> new HashMap<>()));
      if (belongsToItsNode(pod)) {
        add(requests, fixed.computeIfAbsent(node, name -> new HashMap<>()));
      }
      placements.merge(key(pod), 1, Integer::sum);
    }
    List<Room> rooms =
        nodes.stream()
            .filter(node -> node.getStatus() != null && node.getStatus().getAllocatable() != null)
            .map(node -> room(node, used, fixed))
            .toList();
    return new Cluster(rooms, placements);
  }

  /** Number of pods of an attempt that nodes have taken. */
  int placed(Job job) {
    return placements.getOrDefault(key(job), 0);
  }

  private static void add(Map<String, BigDecimal> requests, Map<String, BigDecimal> sum) {
    requests.forEach((name, amount) -> sum.merge(name, amount, BigDecimal::add));
  }

  /** Whether it will be there as long as the node is. */
  private static boolean belongsToItsNode(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getKind().equals("DaemonSet") || owner.getKind().equals("Node"));
  }

  private static Room room(
      Node node,
      Map<String, Map<String, BigDecimal>> used,
      Map<String, Map<String, BigDecimal>> fixed) {
    String name = node.getMetadata().getName();
    return new Room(
        name,
        node.getMetadata().getLabels(),
        node.getSpec().getTaints(),
        rest(node, fixed.getOrDefault(name, Map.of())),
        takesPods(node) ? rest(node, used.getOrDefault(name, Map.of())) : Map.of());
  }

  private static Map<String, BigDecimal> rest(Node node, Map<String, BigDecimal> taken) {
    Map<String, BigDecimal> rest = new HashMap<>();
    node.getStatus()
        .getAllocatable()
        .forEach((name, amount) ->
            rest.put(
                name,
                amount.getNumericalAmount().subtract(taken.getOrDefault(name, BigDecimal.ZERO))));
    return rest;
  }

  private static boolean takesPods(Node node) {
    return !Boolean.TRUE.equals(node.getSpec().getUnschedulable())
        && node.getStatus().getConditions().stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  private static boolean hasEnded(Pod pod) {
    String phase = pod.getStatus() == null ? "" : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  private static String key(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null
        ? ""
        : object.getMetadata().getNamespace()
            + "/"
            + labels.get(Api.TRAINING_JOB_LABEL)
            + "/"
            + labels.get(Api.ATTEMPT_LABEL);
  }
}
