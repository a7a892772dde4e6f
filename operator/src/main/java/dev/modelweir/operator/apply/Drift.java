package dev.modelweir.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Set;

/**
 * Decides whether an object in the cluster still says what we want: every field we set must be
 * there with our value; fields that others or the API server's defaults added do not count.
 */
final class Drift {

  private static final Set<String> QUANTITIES = Set.of("limits", "requests", "sizeLimit");

  private Drift() {}

  static boolean between(JsonNode wanted, JsonNode live) {
    return differs(wanted, live, false);
  }

  private static boolean differs(JsonNode wanted, JsonNode live, boolean quantity) {
    if (wanted.isObject()) {
      return !live.isObject()
          || wanted.properties().stream()
              .anyMatch(field ->
                  differs(
                      field.getValue(),
                      live.path(field.getKey()),
                      QUANTITIES.contains(field.getKey()) || quantity));
    }
    if (wanted.isArray()) {
      return !wanted.isEmpty() && (!live.isArray() || elementsDiffer(wanted, live, quantity));
    }
    if (quantity && wanted.isTextual() && live.isTextual()) {
      return !new Quantity(wanted.textValue()).equals(new Quantity(live.textValue()));
    }
    return !wanted.equals(live) && !wanted.asText().equals(live.asText());
  }

  /** A list of plain values is one value; an object may have its counterpart anywhere. */
  private static boolean elementsDiffer(JsonNode wanted, JsonNode live, boolean quantity) {
    return wanted.get(0).isValueNode()
        ? !wanted.equals(live)
        : wanted
            .valueStream()
            .anyMatch(element ->
                live.valueStream().allMatch(candidate -> differs(element, candidate, quantity)));
  }
}
