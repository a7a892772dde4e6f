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
 * @param rooms what is left on each node that takes pods
 * @param placements number of placed pods of each attempt, by {@link #key}
 */
record Cluster(List<Room> rooms, Map<String, Integer> placements) {

  static Cluster of(List<Node> nodes, List<Pod> pods) {
    Map<String, Map<String, BigDecimal>> used = new HashMap<>();
    Map<String, Integer> placements = new HashMap<>();
    for (Pod pod : pods) {
      String node = pod.getSpec().getNodeName();
      if (node == null || hasEnded(pod)) {
        continue;
      }
      Map<String, BigDecimal> sum = used.computeIfAbsent(node, name -> new HashMap<>());
      Demand.requests(pod.getSpec())
          .forEach((name, amount) -> sum.merge(name, amount, BigDecimal::add));
      placements.merge(key(pod), 1, Integer::sum);
    }
    List<Room> rooms =
        nodes.stream()
            .filter(Cluster::takesPods)
            .map(node -> room(node, used.getOrDefault(node.getMetadata().getName(), Map.of())))
            .toList();
    return new Cluster(rooms, placements);
  }

  /** Number of pods of an attempt that nodes have taken. */
  int placed(Job job) {
    return placements.getOrDefault(key(job), 0);
  }

  private static Room room(Node node, Map<String, BigDecimal> used) {
    Map<String, BigDecimal> size = new HashMap<>();
    node.getStatus()
        .getAllocatable()
        .forEach((name, amount) -> size.put(name, amount.getNumericalAmount()));
    Map<String, BigDecimal> free = new HashMap<>(size);
    free.replaceAll((name, amount) -> amount.subtract(used.getOrDefault(name, BigDecimal.ZERO)));
    return new Room(
        node.getMetadata().getName(),
        node.getMetadata().getLabels(),
        node.getSpec().getTaints(),
        size,
        free);
  }

  private static boolean takesPods(Node node) {
    return !Boolean.TRUE.equals(node.getSpec().getUnschedulable())
        && node.getStatus() != null
        && node.getStatus().getAllocatable() != null
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
