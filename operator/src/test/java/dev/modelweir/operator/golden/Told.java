package dev.modelweir.operator.golden;

import dev.modelweir.operator.report.PlannedEvent;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;

/** How events and references of objects are written in golden cases. */
public final class Told {

  private Told() {}

  public static List<Map<String, String>> events(List<PlannedEvent> events) {
    return events.stream()
        .map(event ->
            Map.of(
                "type", event.warning() ? "Warning" : "Normal",
                "reason", event.reason().word(),
                "message", event.message()))
        .toList();
  }

  public static List<String> references(List<? extends HasMetadata> objects) {
    return objects.stream()
        .map(object -> object.getKind() + "/" + object.getMetadata().getName())
        .toList();
  }
}
