package dev.modelweir.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.operator.plan.Ownership;
import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodWarningsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private final ApiServer api = new ApiServer();
  private final PodWarnings warnings =
      new PodWarnings(api.operator(), Clock.fixed(NOW, ZoneOffset.UTC));

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void findsTheLatestWarningOfAPodThatHangs() {
    event("a", "11:59:50", "Warning", "secret \"old\" not found");
    event("b", "11:59:58", "Warning", "secret \"login\" not found");
    event("c", "11:59:59", "Normal", "Pulled");
    assertThat(warnings.of(List.of(pod("11:59:40", "ContainerCreating"))))
        .isEqualTo(Map.of("iris-1", "secret \"login\" not found"));
    assertThat(warnings.of(List.of(pod("11:59:40", "PodInitializing")))).isNotEmpty();
  }

  @Test
  void asksNothingAboutPodsThatDoNotHang() {
    event("a", "11:59:50", "Warning", "secret \"login\" not found");
    Pod young = pod("11:59:57", "ContainerCreating");
    Pod failing = pod("11:59:40", "ImagePullBackOff");
    Pod unscheduled =
        new PodBuilder(pod("11:59:40", "ContainerCreating"))
            .editSpec()
            .withNodeName(null)
            .endSpec()
            .build();
    Pod leaving =
        new PodBuilder(pod("11:59:40", "ContainerCreating"))
            .editMetadata()
            .withDeletionTimestamp("2026-11-24T11:59:59Z")
            .endMetadata()
            .build();
    Pod running =
        new PodBuilder(pod("11:59:40", "ContainerCreating"))
            .editStatus()
            .withPhase("Running")
            .endStatus()
            .build();
    assertThat(warnings.of(List.of(young, failing, unscheduled, leaving, running))).isEmpty();
    assertThat(api.requestsOfOperator()).isEmpty();
  }

  @Test
  void findsWhatTheApiServerSaidToAJobThatLacksPods() {
    refusal("a", "FailedCreate", "Error creating: exceeded quota");
    refusal("b", "BackoffLimitExceeded", "another thing");
    assertThat(warnings.of(List.of(), List.of(job("11:59:40").build())))
        .isEqualTo(Map.of("iris-0", "Error creating: exceeded quota"));
  }

  /** Refused once, then made: what it struggles with is another thing. */
  @Test
  void whatWasSaidBeforeTheLastPodWasMadeIsOver() {
    refusal("a", "FailedCreate", "Error creating: exceeded quota");
    Job job = job("11:59:40").build();
    assertThat(warnings.of(List.of(ended(job, "11:59:45")), List.of(job))).isNotEmpty();
    assertThat(warnings.of(List.of(ended(job, "11:59:51")), List.of(job))).isEmpty();
  }

  private static Pod ended(Job job, String createdAt) {
    return new PodBuilder(pod(createdAt, "ContainerCreating"))
        .editMetadata()
        .withOwnerReferences(Ownership.reference(job))
        .endMetadata()
        .editStatus()
        .withPhase("Failed")
        .endStatus()
        .build();
  }

  @Test
  void asksNothingAboutAJobThatHasItsPodsOrIsYoung() {
    Job whole = job("11:59:40").editStatus().withActive(1).withSucceeded(1).endStatus().build();
    Job ending = job("11:59:40").editStatus().withActive(1).withTerminating(1).endStatus().build();
    Job waiting = job("11:59:40").editSpec().withSuspend(true).endSpec().build();
    Job over =
        job("11:59:40")
            .editStatus()
            .addNewCondition()
            .withType("Failed")
            .withStatus("True")
            .endCondition()
            .endStatus()
            .build();
    assertThat(
            warnings.of(List.of(), List.of(whole, ending, waiting, over, job("11:59:57").build())))
        .isEmpty();
    assertThat(api.requestsOfOperator()).isEmpty();
  }

  private static JobBuilder job(String startedAt) {
    return new JobBuilder()
        .withNewMetadata()
        .withName("iris-0")
        .withNamespace("default")
        .withUid("pod-uid")
        .endMetadata()
        .withNewSpec()
        .withCompletions(2)
        .endSpec()
        .withNewStatus()
        .withStartTime("2026-11-24T" + startedAt + "Z")
        // Each was made suspended and let in.
        .addNewCondition()
        .withType("Suspended")
        .withStatus("False")
        .endCondition()
        .endStatus();
  }

  private void refusal(String name, String reason, String message) {
    event(name, "11:59:50", "Warning", reason, message);
  }

  /** A gang has hundreds of pods, and the answers would be the same. */
  @Test
  void asksAboutTheFirstFewOfManyThatHang() {
    Pod pod = pod("11:59:40", "ContainerCreating");
    List<Pod> gang =
        IntStream.range(0, 100)
            .mapToObj(
                i -> new PodBuilder(pod).editMetadata().withName("iris-" + i).endMetadata().build())
            .toList();
    warnings.of(gang);
    assertThat(api.requestsOfOperator()).hasSize(5);
  }

  private void event(String name, String time, String type, String message) {
    event(name, time, type, null, message);
  }

  private void event(
      String name, String time, String type, @Nullable String reason, String message) {
    api.user()
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withLastTimestamp("2026-11-24T" + time + "Z")
                .withNewInvolvedObject()
                .withName("iris")
                .withUid("pod-uid")
                .endInvolvedObject()
                .build())
        .create();
  }

  private static Pod pod(String createdAt, String waitingFor) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("iris-1")
        .withNamespace("default")
        .withUid("pod-uid")
        .withCreationTimestamp("2026-11-24T" + createdAt + "Z")
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-1")
        .endSpec()
        .withNewStatus()
        .withPhase("Pending")
        .addNewContainerStatus()
        .withName("server")
        .withNewState()
        .withNewWaiting()
        .withReason(waitingFor)
        .endWaiting()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
