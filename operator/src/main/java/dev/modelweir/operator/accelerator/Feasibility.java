package dev.modelweir.operator.accelerator;

import dev.modelweir.api.v1alpha1.Accelerator;
import dev.modelweir.api.v1alpha1.AcceleratorVendor;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether any node can ever give what is wanted, were it empty. A node that is busy, cordoned or
 * not ready may yet do so; one that is too small never will.
 */
public final class Feasibility {

  private static final int MOST_OFFERS = 5;

  private Feasibility() {}

  /** What is wrong with the wish itself, whatever the nodes are like. */
  @SuppressWarnings("NullAway") // a word that a newer API added to an enumeration is read as absent
  public static Optional<String> contradiction(Accelerator wanted) {
    if (wanted.vendor() == null) {
      return Optional.of(
          "`accelerator.vendor` has a value that this version of the operator does not know:"
              + " upgrade the operator, or use a vendor it knows");
    }
    if (wanted.sharedFraction() != null) {
      BigDecimal fraction = wanted.sharedFraction().getNumericalAmount();
      if (fraction.signum() <= 0 || fraction.compareTo(BigDecimal.ONE) > 0) {
        return Optional.of(
            "`accelerator.sharedFraction` is %s and must be above 0 and at most 1: use `count` for more than one device"
                .formatted(wanted.sharedFraction()));
      }
      if (wanted.vendor() != AcceleratorVendor.NVIDIA && Devices.isPart(wanted)) {
        return Optional.of(
            "`accelerator.sharedFraction` is possible with `vendor: NVIDIA` only, whose device"
                + " plugin can share a device: use `count` or `resourceClaimTemplate`");
      }
    }
    if (wanted.minMemory() != null
        && wanted.migProfile() == null
        && Vendor.of(wanted.vendor()).memory().isEmpty()) {
      return Optional.of(
          "`accelerator.minMemory` is possible with `vendor: NVIDIA` only, whose node labels give"
              + " the memory as a number: name `products` instead");
    }
    return Optional.empty();
  }

  /** What to say when the template of the claims is not there. */
  public static String templateMissing(Accelerator wanted, String namespace) {
    return "there is no ResourceClaimTemplate %s in namespace %s: create it, or correct `accelerator.resourceClaimTemplate`"
        .formatted(wanted.resourceClaimTemplate(), namespace);
  }

  /**
   * Why no node can ever give it, with what there is instead; nothing when one can, or when that
   * cannot be known: devices of a claim are not among the resources of a node.
   *
   * @param nodeSelector labels that the pod asks for besides
   * @param nodes all nodes; when there are none, nothing is known
   */
  public static Optional<String> obstacle(
      Accelerator wanted, Map<String, String> nodeSelector, Collection<NodeFacts> nodes) {
    Devices devices = Devices.of(wanted);
    if (nodes.isEmpty() || devices.resource().isEmpty()) {
      return Optional.empty();
    }
    String resource = devices.resource().get();
    List<NodeFacts> eligible = nodes.stream().filter(node -> node.carries(nodeSelector)).toList();
    List<NodeFacts> matching =
        eligible.stream().filter(node -> devices.nodes().stream().allMatch(node::meets)).toList();
    if (matching.stream().anyMatch(node -> node.amount(resource) >= devices.amount())) {
      return Optional.empty();
    }
    return Optional.of(
        "%s; available: %s; change `accelerator`, or add such a node"
            .formatted(cause(devices, resource, eligible, matching), available(wanted, eligible)));
  }

  private static String cause(
      Devices devices, String resource, List<NodeFacts> eligible, List<NodeFacts> matching) {
    long largest = largest(matching, resource);
    if (largest > 0) {
      return "a pod needs %d %s and the largest node that matches has %d"
          .formatted(devices.amount(), resource, largest);
    }
    if (largest(eligible, resource) > 0) {
      return "no node with %s matches %s"
          .formatted(
              resource,
              unmet(devices.nodes(), resource, eligible).stream()
                  .map(Feasibility::words)
                  .collect(Collectors.joining(" and ")));
    }
    return "no node has " + resource;
  }

  /** What no node with the resource meets; when each has one that does, all of it together. */
  private static List<NodeSelectorRequirement> unmet(
      List<NodeSelectorRequirement> requirements, String resource, List<NodeFacts> nodes) {
    List<NodeSelectorRequirement> unmet =
        requirements.stream()
            .filter(requirement ->
                nodes.stream()
                    .filter(node -> node.amount(resource) > 0)
                    .noneMatch(node -> node.meets(requirement)))
            .toList();
    return unmet.isEmpty() ? requirements : unmet;
  }

  private static long largest(Collection<NodeFacts> nodes, String resource) {
    return nodes.stream().mapToLong(node -> node.amount(resource)).max().orElse(0);
  }

  private static String words(NodeSelectorRequirement requirement) {
    String values = String.join(" or ", requirement.getValues());
    return switch (requirement.getOperator()) {
      case "In" -> requirement.getKey() + "=" + values;
      case "NotIn" -> requirement.getKey() + " other than " + values;
      case "Gt" -> requirement.getKey() + ">" + values;
      case "Lt" -> requirement.getKey() + "<" + values;
      default -> "no " + requirement.getKey();
    };
  }

  /** What nodes there are, equal ones counted together. */
  private static String available(Accelerator wanted, List<NodeFacts> nodes) {
    Vendor vendor = Vendor.of(wanted.vendor());
    Map<String, Long> kinds =
        nodes.stream()
            .flatMap(node -> offer(node, vendor).stream())
            .collect(Collectors.groupingBy(kind -> kind, TreeMap::new, Collectors.counting()));
    if (kinds.isEmpty()) {
      return "no device of this vendor";
    }
    Stream<String> shown =
        kinds.entrySet().stream()
            .limit(MOST_OFFERS)
            .map(kind ->
                "%d %s with %s"
                    .formatted(
                        kind.getValue(), kind.getValue() == 1 ? "node" : "nodes", kind.getKey()));
    String list = shown.collect(Collectors.joining(", "));
    int more = kinds.size() - MOST_OFFERS;
    return more > 0 ? list + " and %d other kinds".formatted(more) : list;
  }

  private static Optional<String> offer(NodeFacts node, Vendor vendor) {
    List<String> resources = node.offer(vendor.domain());
    if (resources.isEmpty()) {
      return Optional.empty();
    }
    List<String> details =
        Stream.concat(
                Optional.ofNullable(node.labels().get(vendor.product())).stream(),
                vendor.memory().map(node.labels()::get).map(mib -> mib + " MiB").stream())
            .toList();
    String offer = String.join(" and ", resources);
    return Optional.of(
        details.isEmpty() ? offer : "%s (%s)".formatted(offer, String.join(", ", details)));
  }
}
