package dev.modelweir.operator.trainingjob.admission;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a node may take a pod at all, as the scheduler sees it. */
final class Suitability {

  private Suitability() {}

  static boolean of(Room node, Demand demand) {
    return demand.nodeSelector().entrySet().stream()
            .allMatch(label -> label.getValue().equals(node.labels().get(label.getKey())))
        && (demand.affinity().isEmpty()
            || demand.affinity().stream().anyMatch(term -> satisfies(node, term)))
        && node.taints().stream()
            .filter(taint -> !"PreferNoSchedule".equals(taint.getEffect()))
            .allMatch(taint -> demand.tolerations().stream().anyMatch(t -> tolerates(t, taint)));
  }

  private static boolean satisfies(Room node, NodeSelectorTerm term) {
    boolean says = !term.getMatchExpressions().isEmpty() || !term.getMatchFields().isEmpty();
    return says
        && term.getMatchExpressions().stream().allMatch(r -> satisfies(node.labels(), r))
        && term.getMatchFields().stream()
            .allMatch(r -> satisfies(Map.of("metadata.name", node.node()), r));
  }

  private static boolean satisfies(Map<String, String> labels, NodeSelectorRequirement wanted) {
    String value = labels.get(wanted.getKey());
    return switch (wanted.getOperator()) {
      case "In" -> value != null && wanted.getValues().contains(value);
      case "NotIn" -> value == null || !wanted.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> isNumber(value) && number(value) > number(wanted.getValues().getFirst());
      case "Lt" -> isNumber(value) && number(value) < number(wanted.getValues().getFirst());
      default -> false;
    };
  }

  private static boolean tolerates(Toleration toleration, Taint taint) {
    boolean effect =
        toleration.getEffect() == null || toleration.getEffect().equals(taint.getEffect());
    boolean exists = "Exists".equals(toleration.getOperator());
    boolean key = toleration.getKey() == null ? exists : toleration.getKey().equals(taint.getKey());
    boolean value =
        exists
            || Objects.requireNonNullElse(toleration.getValue(), "")
                .equals(Objects.requireNonNullElse(taint.getValue(), ""));
    return effect && key && value;
  }

  private static boolean isNumber(@Nullable String text) {
    return text != null && text.matches("-?\\d{1,18}");
  }

  private static long number(@Nullable String text) {
    return isNumber(text) ? Long.parseLong(Objects.requireNonNull(text)) : 0;
  }
}
