package dev.modelweir.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.report.PlannedEvent;
import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventRecorderTest {

  private static final PlannedEvent READY = new PlannedEvent(false, Reason.READY, "1 of 1 pods");
  private static final PlannedEvent CRASH =
      new PlannedEvent(true, Reason.CRASH_LOOPING, "exit code 1");

  private final ApiServer api = new ApiServer();
  private Instant now = Instant.parse("2026-11-24T12:00:00.123Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final EventRecorder recorder = new EventRecorder(api.operator(), clock, "operator-1");

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void saysWhatHappenedToWhat() {
    recorder.record(isvc("a"), List.of(CRASH));
    assertThat(events())
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getType()).isEqualTo("Warning");
          assertThat(event.getReason()).isEqualTo("CrashLooping");
          assertThat(event.getMessage()).isEqualTo("exit code 1");
          assertThat(event.getInvolvedObject().getKind()).isEqualTo("InferenceService");
          assertThat(event.getInvolvedObject().getApiVersion()).isEqualTo("modelweir.dev/v1alpha1");
          assertThat(event.getInvolvedObject().getUid()).isEqualTo("a");
          assertThat(event.getSource().getComponent()).isEqualTo("modelweir");
          assertThat(event.getFirstTimestamp()).isEqualTo("2026-11-24T12:00:00Z");
        });
  }

  @Test
  void theSameTransitionCountsUp() {
    for (int i = 0; i < 3; i++) {
      recorder.record(isvc("a"), List.of(CRASH));
      recorder.record(isvc("a"), List.of(READY));
      now = now.plusSeconds(60);
    }
    assertThat(events())
        .hasSize(2)
        .allSatisfy(event -> {
          assertThat(event.getCount()).isEqualTo(3);
          assertThat(event.getFirstTimestamp()).isEqualTo("2026-11-24T12:00:00Z");
          assertThat(event.getLastTimestamp()).isEqualTo("2026-11-24T12:02:00Z");
        });
  }

  @Test
  void otherMessagesAndObjectsHaveEventsOfTheirOwn() {
    recorder.record(isvc("a"), List.of(CRASH));
    recorder.record(isvc("a"), List.of(new PlannedEvent(true, CRASH.reason(), "exit code 2")));
    recorder.record(isvc("b"), List.of(CRASH));
    assertThat(events()).hasSize(3).allMatch(event -> event.getCount() == 1);
  }

  @Test
  void aFailureToRecordDoesNoHarm() {
    api.refuse("/events/", 403, "exceeded quota");
    recorder.record(isvc("a"), List.of(CRASH, READY));
    api.heal();
    recorder.record(isvc("a"), List.of(READY));
    assertThat(events()).extracting(Event::getReason).containsExactly("Ready");
  }

  private List<Event> events() {
    return api.user().v1().events().inNamespace("default").list().getItems();
  }

  private static InferenceService isvc(String uid) {
    InferenceService isvc = new InferenceService();
    isvc.setMetadata(
        new ObjectMetaBuilder().withName("iris").withNamespace("default").withUid(uid).build());
    return isvc;
  }
}
