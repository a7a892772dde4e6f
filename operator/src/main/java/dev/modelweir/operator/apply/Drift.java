package dev.modelweir.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether an object in the cluster still says what we want: every field we set must be
 * there with our value; fields that others or the API server's defaults added do not count.
 */
final class Drift {

  /** Fields that identify an element of a list, as in Kubernetes' associative lists. */
  private static final List<String> KEYS =
      List.of("name", "mountPath", "topologyKey", "port", "containerPort", "key");

  private static final Set<String> QUANTITIES = Set.of("limits", "requests");

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
      return wanted.isEmpty() ? false : !live.isArray() || elementsDiffer(wanted, live, quantity);
    }
    if (quantity && wanted.isTextual() && live.isTextual()) {
      return !new Quantity(wanted.textValue()).equals(new Quantity(live.textValue()));
    }
    return !wanted.equals(live) && !wanted.asText().equals(live.asText());
  }

  private static boolean elementsDiffer(JsonNode wanted, JsonNode live, boolean quantity) {
    for (int i = 0; i < wanted.size(); i++) {
      JsonNode element = wanted.get(i);
      JsonNode counterpart = counterpart(element, live, i);
      if (differs(element, counterpart, quantity)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode counterpart(JsonNode element, JsonNode live, int index) {
    Optional<String> key = KEYS.stream().filter(element::has).findFirst();
    if (key.isEmpty()) {
      return live.path(index);
    }
    for (JsonNode candidate : live) {
      if (candidate.path(key.get()).equals(element.get(key.get()))) {
        return candidate;
      }
    }
    return live.path(live.size());
  }
}
