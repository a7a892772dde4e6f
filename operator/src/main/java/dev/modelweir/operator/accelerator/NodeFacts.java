package dev.modelweir.operator.accelerator;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one node says of its devices.
 *
 * @param labels all of its labels
 * @param resources its extended resources, in whole numbers; of one whose device plugin is away for
 *     a moment what it had
 */
public record NodeFacts(String name, Map<String, String> labels, Map<String, Long> resources) {

  public NodeFacts {
    labels = Map.copyOf(labels);
    resources = Map.copyOf(resources);
  }

  @SuppressWarnings("NullAway") // a node may be young and have no status yet
  public static NodeFacts of(Node node) {
    Map<String, Long> resources = new TreeMap<>();
    if (node.getStatus() != null) {
      extended(node.getStatus().getCapacity()).forEach((k, v) -> resources.merge(k, v, Long::max));
      extended(node.getStatus().getAllocatable())
          .forEach((k, v) -> resources.merge(k, v, Long::max));
    }
    Map<String, String> labels = node.getMetadata().getLabels();
    return new NodeFacts(
        node.getMetadata().getName(), labels == null ? Map.of() : labels, resources);
  }

  long amount(String resource) {
    return resources.getOrDefault(resource, 0L);
  }

  /** Whether every label that is asked for is there. */
  boolean carries(Map<String, String> wanted) {
    return wanted.entrySet().stream()
        .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
  }

  /** Whether the scheduler would find the requirement met. */
  boolean meets(NodeSelectorRequirement requirement) {
    String value = labels.get(requirement.getKey());
    return switch (requirement.getOperator()) {
      case "In" -> value != null && requirement.getValues().contains(value);
      case "NotIn" -> value == null || !requirement.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> number(value) > number(requirement.getValues().getFirst());
      case "Lt" ->
          value != null
              && number(value) >= 0
              && number(value) < number(requirement.getValues().getFirst());
      default -> false;
    };
  }

  /** The number, or less than any when there is none. */
  private static long number(@Nullable String text) {
    try {
      return text == null ? Long.MIN_VALUE : Long.parseLong(text);
    } catch (NumberFormatException noNumber) {
      return Long.MIN_VALUE;
    }
  }

  private static Map<String, Long> extended(@Nullable Map<String, Quantity> quantities) {
    Map<String, Long> extended = new LinkedHashMap<>();
    if (quantities != null) {
      quantities.forEach((name, quantity) -> {
        if (isExtended(name)) {
          extended.put(name, whole(quantity));
        }
      });
    }
    return extended;
  }

  private static boolean isExtended(String resource) {
    return resource.contains("/") && !resource.startsWith("kubernetes.io/");
  }

  private static long whole(Quantity quantity) {
    return quantity
        .getNumericalAmount()
        .max(BigDecimal.ZERO)
        .min(BigDecimal.valueOf(Long.MAX_VALUE))
        .longValue();
  }

  /** The resources of one vendor that there are some of, such as {@code 8 nvidia.com/gpu}. */
  List<String> offer(String domain) {
    return new TreeMap<>(resources)
        .entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(domain) && entry.getValue() > 0)
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .toList();
  }
}
