package dev.modelweir.operator.trainingjob.plan;

import static dev.modelweir.operator.trainingjob.Flowers.attempt;
import static dev.modelweir.operator.trainingjob.Flowers.job;
import static dev.modelweir.operator.trainingjob.Flowers.running;
import static dev.modelweir.operator.trainingjob.Flowers.seen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerImageTest {

  private static final String ONE = "docker.io/library/trainer@sha256:" + "1".repeat(64);
  private static final String TWO = "docker.io/library/trainer@sha256:" + "2".repeat(64);

  private final TrainingJob job = job(2); // of the image trainer:v1

  @Test
  void isAsTheSpecSaysAtFirst() {
    assertThat(WorkerImage.of(job)).isEqualTo("trainer:v1");
    assertThat(WorkerImage.known(job, seen(List.of()), 0)).isNull();
  }

  @Test
  void isKnownOnceAllWorkersOfAnAttemptTellTheSame() {
    assertThat(known(worker(0, 0, ONE))).as("one of two").isNull();
    assertThat(known(worker(0, 0, ONE), worker(0, 1, ONE))).isEqualTo(ONE);
    assertThat(known(worker(0, 0, ONE), worker(0, 1, TWO))).isNull();
    assertThat(known(worker(0, 0, ONE), worker(1, 1, ONE))).as("two attempts").isNull();
  }

  @Test
  void anImageThatWasLoadedByHandHasNoDigestToPullItBy() {
    String id = "sha256:" + "1".repeat(64);
    assertThat(known(worker(0, 0, id), worker(0, 1, id))).isNull();
  }

  @Test
  void theSameBytesUnderAnotherNameAreNotPulledByThat() {
    String mirror = ONE.replace("trainer", "other");
    assertThat(known(worker(0, 0, mirror), worker(0, 1, mirror))).isNull();
  }

  @Test
  void dockerSaysItWithAScheme() {
    String id = "docker-pullable://" + ONE;
    assertThat(known(worker(0, 0, id), worker(0, 1, id))).isEqualTo(ONE);
  }

  @Test
  void whatWasFoundOnceStays() {
    TrainingJob remembering = remembering("image: '%s'".formatted(ONE));
    assertThat(WorkerImage.of(remembering)).isEqualTo(ONE);
    assertThat(
            WorkerImage.known(remembering, seen(List.of(worker(1, 0, TWO), worker(1, 1, TWO))), 1))
        .isEqualTo(ONE);
  }

  @Test
  void theModelIsOfTheAttemptThatSucceeded() {
    TrainingJob succeeded = remembering("attempt: {number: 1, outcome: Succeeded}");
    List<Pod> pods = List.of(worker(0, 0, ONE), worker(1, 0, TWO));
    assertThat(WorkerImage.ofModel(succeeded, seen(pods))).isEqualTo(TWO);
    assertThat(WorkerImage.ofModel(succeeded, seen(List.of(worker(0, 0, ONE)))))
        .isEqualTo("trainer:v1");
    assertThat(
            WorkerImage.ofModel(
                remembering("image: '%s'\nattempt: {number: 1}".formatted(ONE)), seen(List.of())))
        .as("the pods are gone")
        .isEqualTo(ONE);
  }

  private String known(Pod... pods) {
    return WorkerImage.known(job, seen(List.of(pods)), 0);
  }

  private Pod worker(int attempt, int index, String imageId) {
    return new PodBuilder(running(attempt(job, attempt).build(), index))
        .editStatus()
        .editContainerStatus(0)
        .withImageID(imageId)
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private TrainingJob remembering(String status) {
    TrainingJob later = job(2);
    later.setStatus(Serialization.unmarshal(status, TrainingJobStatus.class));
    return later;
  }
}
