package dev.modelweir.operator.apply;

import dev.modelweir.operator.report.PlannedEvent;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records transitions as Kubernetes events. One that repeats counts up on the same object instead
 * of adding another; a failure to record is logged and never stops reconciling.
 */
public final class EventRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int REMEMBERED = 10_000;
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("modelweir-events")
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final Clock clock;
  private final String instance;
  private final Map<String, Occurrences> recent = new ConcurrentHashMap<>();

  private record Occurrences(String first, int count) {}

  public EventRecorder(KubernetesClient client, Clock clock, String instance) {
    this.client = client;
    this.clock = clock;
    this.instance = instance;
  }

  public void record(HasMetadata about, List<PlannedEvent> events) {
    for (PlannedEvent planned : events) {
      try {
        client.resource(event(about, planned)).patch(APPLY);
      } catch (KubernetesClientException e) {
        LOG.warn("event {} could not be recorded: {}", planned.reason().word(), e.getMessage());
      }
    }
  }

  private Event event(HasMetadata about, PlannedEvent planned) {
    String name = name(about, planned);
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    if (recent.size() >= REMEMBERED) {
      recent.clear();
    }
    Occurrences seen =
        recent.merge(
            name,
            new Occurrences(now, 1),
            (before, once) -> new Occurrences(before.first(), before.count() + 1));
    return new EventBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(about.getMetadata().getNamespace())
        .endMetadata()
        .withType(planned.warning() ? "Warning" : "Normal")
        .withReason(planned.reason().word())
        .withMessage(planned.message())
        .withNewInvolvedObject()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withName(about.getMetadata().getName())
        .withNamespace(about.getMetadata().getNamespace())
        .withUid(about.getMetadata().getUid())
        .endInvolvedObject()
        .withNewSource()
        .withComponent("modelweir")
        .withHost(instance)
        .endSource()
        .withFirstTimestamp(seen.first())
        .withLastTimestamp(now)
        .withCount(seen.count())
        .build();
  }

  /** The same transition of the same object has the same name. */
  private static String name(HasMetadata about, PlannedEvent planned) {
    String transition = about.getMetadata().getUid() + planned.reason().word() + planned.message();
    UUID hash = UUID.nameUUIDFromBytes(transition.getBytes(StandardCharsets.UTF_8));
    return about.getMetadata().getName() + "." + hash.toString().substring(0, 18).replace("-", "");
  }
}
