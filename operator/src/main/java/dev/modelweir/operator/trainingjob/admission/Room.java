package dev.modelweir.operator.trainingjob.admission;

import io.fabric8.kubernetes.api.model.Taint;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The room that is left on one node.
 *
 * @param node its name
 * @param labels its labels
 * @param taints its taints
 * @param size what it has for pods in all but those that every node has, by resource
 * @param free what of that is not reserved; nothing while the node takes no pods
 */
public record Room(
    String node,
    Map<String, String> labels,
    List<Taint> taints,
    Map<String, BigDecimal> size,
    Map<String, BigDecimal> free) {

  private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);
  // Taints that come and go with the state of a node, mostly set by Kubernetes itself.
  private static final List<String> CONDITIONS =
      List.of("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/");

  public Room {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
    size = Map.copyOf(size);
    free = Map.copyOf(free);
  }

  /** How many such pods it can take more; 0 when it may not take any. */
  int places(Demand demand) {
    return fitting(free, demand);
  }

  /** How many it could take if nothing else ran there; none while it takes no pods. */
  int placesWhenEmpty(Demand demand) {
    return free.containsKey(Demand.PODS) ? fitting(size, demand) : 0;
  }

  /** The same when nothing is the matter with the node any more, such as that it is not ready. */
  int placesOnceWell(Demand demand) {
    List<Taint> lasting =
        taints.stream()
            .filter(taint -> CONDITIONS.stream().noneMatch(taint.getKey()::startsWith))
            .toList();
    return new Room(node, labels, lasting, size, free).fitting(size, demand);
  }

  /** The same after it has taken this many. */
  Room taking(int pods, Demand demand) {
    Map<String, BigDecimal> left = new HashMap<>(free);
    demand
        .requests()
        .forEach((name, amount) ->
            left.merge(name, amount.multiply(BigDecimal.valueOf(-pods)), BigDecimal::add));
    return new Room(node, labels, taints, size, left);
  }

  private int fitting(Map<String, BigDecimal> room, Demand demand) {
    return Suitability.of(this, demand) ? quotient(room, demand) : 0;
  }

  private static int quotient(Map<String, BigDecimal> room, Demand demand) {
    return demand.requests().entrySet().stream()
        .filter(request -> request.getValue().signum() > 0)
        .mapToInt(request ->
            room.getOrDefault(request.getKey(), BigDecimal.ZERO)
                .max(BigDecimal.ZERO)
                .divideToIntegralValue(request.getValue())
                .min(MOST)
                .intValue())
        .min()
        .orElse(Integer.MAX_VALUE);
  }
}
