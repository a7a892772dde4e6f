package dev.modelweir.operator.trainingjob.admission;

import dev.modelweir.operator.accelerator.Devices;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodResourceClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What one worker asks of a node and of a quota.
 *
 * @param requests what the scheduler reserves, by resource; a pod itself counts as {@code pods}
 * @param limits what a quota on limits counts
 * @param nodeSelector labels that the node must have
 * @param tolerations taints that the node may have
 * @param affinity terms of which the node must satisfy one, if there are any
 * @param claimTemplates ResourceClaimTemplates of its namespace, a claim for each of which it needs
 */
public record Demand(
    Map<String, BigDecimal> requests,
    Map<String, BigDecimal> limits,
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    List<NodeSelectorTerm> affinity,
    List<String> claimTemplates) {

  /** The resource of which each node has only so many places. */
  public static final String PODS = "pods";

  public Demand {
    requests = Map.copyOf(requests);
    limits = Map.copyOf(limits);
    nodeSelector = Map.copyOf(nodeSelector);
    tolerations = List.copyOf(tolerations);
    affinity = List.copyOf(affinity);
    claimTemplates = List.copyOf(claimTemplates);
  }

  public static Demand of(PodSpec pod) {
    return new Demand(
        requests(pod),
        limits(pod),
        pod.getNodeSelector() == null ? Map.of() : pod.getNodeSelector(),
        pod.getTolerations(),
        requiredTerms(pod),
        pod.getResourceClaims().stream()
            .map(PodResourceClaim::getResourceClaimTemplateName)
            .filter(Objects::nonNull)
            .toList());
  }

  /** What the scheduler reserves for a pod. */
  public static Map<String, BigDecimal> requests(PodSpec pod) {
    Map<String, BigDecimal> requests = sum(pod, Demand::requests);
    overhead(pod).forEach((name, amount) -> add(name, amount, requests));
    requests.put(PODS, BigDecimal.ONE);
    return requests;
  }

  /** The overhead of a sandbox makes no limit where the containers have none. */
  private static Map<String, BigDecimal> limits(PodSpec pod) {
    Map<String, BigDecimal> limits = sum(pod, Demand::limits);
    overhead(pod)
        .forEach((name, amount) ->
            limits.computeIfPresent(name, (n, sum) -> sum.add(amount.getNumericalAmount())));
    return limits;
  }

  private static Map<String, Quantity> overhead(PodSpec pod) {
    return pod.getOverhead() == null ? Map.of() : pod.getOverhead();
  }

  /**
   * The accelerator that it asks for, by which trainings get into each other's way: of several
   * resources the one that is an accelerator to us. Without any, cpu.
   */
  public String resourceClass() {
    return requests.keySet().stream()
        .filter(name -> name.contains("/"))
        .min(
            Comparator.<String, Boolean>comparing(name -> !Devices.isDevice(name))
                .thenComparing(Comparator.naturalOrder()))
        .orElse("cpu");
  }

  /** Whether its class of service is BestEffort: nothing said of cpu and memory. */
  boolean isBestEffort() {
    return Stream.of("cpu", "memory")
        .noneMatch(name -> requests.containsKey(name) || limits.containsKey(name));
  }

  /**
   * The larger of two needs counts: of all that run together at the end, and of an init container
   * with what runs beside it. Those that are restarted always stay beside all that follow, as the
   * scheduler counts them (KEP-753).
   */
  private static Map<String, BigDecimal> sum(
      PodSpec pod, Function<Container, Map<String, Quantity>> part) {
    Map<String, BigDecimal> peak = new HashMap<>();
    Map<String, BigDecimal> staying = new HashMap<>();
    for (Container container : pod.getInitContainers()) {
      Map<String, BigDecimal> together =
          "Always".equals(container.getRestartPolicy()) ? staying : new HashMap<>(staying);
      part.apply(container).forEach((name, amount) -> add(name, amount, together));
      together.forEach((name, amount) -> peak.merge(name, amount, BigDecimal::max));
    }
    for (Container container : pod.getContainers()) {
      part.apply(container).forEach((name, amount) -> add(name, amount, staying));
    }
    staying.forEach((name, amount) -> peak.merge(name, amount, BigDecimal::max));
    return peak;
  }

  private static void add(String name, Quantity amount, Map<String, BigDecimal> sum) {
    sum.merge(name, amount.getNumericalAmount(), BigDecimal::add);
  }

  /** Kubernetes takes an absent request from the limit. */
  private static Map<String, Quantity> requests(Container container) {
    Map<String, Quantity> requests = new HashMap<>(limits(container));
    if (container.getResources() != null && container.getResources().getRequests() != null) {
      requests.putAll(container.getResources().getRequests());
    }
    return requests;
  }

  private static Map<String, Quantity> limits(Container container) {
    return container.getResources() == null || container.getResources().getLimits() == null
        ? Map.of()
        : container.getResources().getLimits();
  }

  private static List<NodeSelectorTerm> requiredTerms(PodSpec pod) {
    return Optional.ofNullable(pod.getAffinity())
        .map(Affinity::getNodeAffinity)
        .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
        .map(NodeSelector::getNodeSelectorTerms)
        .orElse(List.of());
  }
}
