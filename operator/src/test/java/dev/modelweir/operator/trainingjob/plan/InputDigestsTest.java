package dev.modelweir.operator.trainingjob.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.TrainingInput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.trainingjob.Flowers;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputDigestsTest {

  private static final String ONE = "sha256:" + "1".repeat(64);
  private static final String TWO = "sha256:" + "2".repeat(64);
  private static final TrainingInput DATA = input(null);

  @Test
  void isUnknownUntilAWorkerHasReadIt() {
    assertThat(InputDigests.known(new TrainingJob(), DATA, List.of(new Pod()))).isNull();
    assertThat(InputDigests.pin(new TrainingJob(), DATA)).isNull();
  }

  @Test
  void isWhatTheStepThatReadItSays() {
    assertThat(InputDigests.known(new TrainingJob(), DATA, List.of(told(ONE)))).isEqualTo(ONE);
  }

  @Test
  void anythingElseThatItSaysIsNoDigest() {
    assertThat(InputDigests.known(new TrainingJob(), DATA, List.of(told(ONE + "\n")))).isNull();
    assertThat(InputDigests.known(new TrainingJob(), DATA, List.of(told("all well")))).isNull();
  }

  @Test
  void isUnknownWhenWorkersDisagree() {
    assertThat(InputDigests.known(remembering(ONE), DATA, List.of(told(ONE), told(TWO)))).isNull();
  }

  @Test
  void isRememberedWhenTheWorkersAreGone() {
    assertThat(InputDigests.known(remembering(ONE), DATA, List.of())).isEqualTo(ONE);
    assertThat(InputDigests.pin(remembering(ONE), DATA)).isEqualTo(ONE);
  }

  @Test
  void thePinOfTheSpecGoesFirst() {
    assertThat(InputDigests.pin(remembering(ONE), input(TWO))).isEqualTo(TWO);
    assertThat(InputDigests.known(remembering(ONE), input(TWO), List.of(told(ONE)))).isEqualTo(TWO);
  }

  @Test
  void anAddressMayNameTheBytesOfAnImage() {
    TrainingInput named =
        new TrainingInput("data", "oci://host:5000/a:v1@" + TWO, null, null, null, null);
    assertThat(InputDigests.isPinned(named)).isTrue();
    assertThat(InputDigests.known(new TrainingJob(), named, List.of())).isEqualTo(TWO);
    TrainingInput tagged =
        new TrainingInput("data", "oci://host:5000/a:v1", null, null, null, null);
    assertThat(InputDigests.isPinned(tagged)).isFalse();
    assertThat(InputDigests.known(new TrainingJob(), tagged, List.of())).isNull();
  }

  /** They have read what that job named. */
  @Test
  void podsOfADeletedNamesakeTellNothing() {
    TrainingJob job = Flowers.job(1);
    Pod old =
        new PodBuilder(told(ONE))
            .withNewMetadata()
            .withCreationTimestamp("2026-11-24T10:59:59Z")
            .endMetadata()
            .build();
    Pod own =
        new PodBuilder(told(TWO))
            .withNewMetadata()
            .withCreationTimestamp("2026-11-24T11:00:00Z")
            .endMetadata()
            .build();
    TrainingObservation seen = Flowers.seen(List.of(old, own));
    assertThat(InputDigests.known(job, DATA, seen.podsOf(job))).isEqualTo(TWO);
  }

  private static TrainingInput input(String digest) {
    return new TrainingInput("data", "s3://bucket/data/", null, digest, null, null);
  }

  private static TrainingJob remembering(String digest) {
    TrainingJob job = new TrainingJob();
    job.setStatus(
        Serialization.unmarshal(
            "inputs: [{name: data, digest: '%s'}]".formatted(digest), TrainingJobStatus.class));
    return job;
  }

  private static Pod told(String message) {
    return new PodBuilder()
        .withNewStatus()
        .addNewInitContainerStatus()
        .withName("input-data")
        .withNewState()
        .withNewTerminated()
        .withExitCode(0)
        .withMessage(message)
        .endTerminated()
        .endState()
        .endInitContainerStatus()
        .endStatus()
        .build();
  }
}
