package dev.modelweir.operator.trainingjob;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.TrainedIris;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More new trainings at once than the reconciler has threads. */
class NewTrainingsTest {

  private static final int TRAININGS = 60;
  private static final int PLACES = 4;
  private static final int LAST = TRAININGS - PLACES - 1;

  private final ApiServer api = new ApiServer();
  private final SlowStart slowness = new SlowStart();
  private final TrainedIris iris = new TrainedIris(api.user());
  private final RunningOperator operator;
  private final List<TrainedIris> others =
      IntStream.range(0, TRAININGS).mapToObj(i -> new TrainedIris(api.user(), "new" + i)).toList();

  NewTrainingsTest() {
    iris.node("node-1", 1_000);
    operator = RunningOperator.start(api.operator(slowness));
  }

  @AfterEach
  void stop() {
    slowness.over.countDown();
    operator.close();
    api.close();
  }

  @Test
  void doNotStandBeforeWhatRuns() {
    iris.train("{workers: 1}");
    iris.runs(0, 1);
    others.forEach(other -> other.train("{workers: 1}"));
    eventually(() -> assertThat(slowness.held.get()).isEqualTo(PLACES));
    eventually(() ->
        assertThat(operator.value("modelweir.training.intake.waiting"))
            .isEqualTo(TRAININGS - PLACES));

    iris.succeed(0);
    eventually(() -> assertThat(iris.phase()).isEqualTo(TrainingPhase.SUCCEEDED));
    assertThat(slowness.held.get()).as("taken in meanwhile").isEqualTo(PLACES);

    slowness.over.countDown();
    eventually(() -> assertThat(others).allMatch(other -> other.phase() != null));
    assertThat(operator.value("modelweir.training.intake.waiting")).isZero();
  }

  @Test
  void areToldThatTheyWait() {
    others.forEach(other -> other.train("{workers: 1}"));
    eventually(() -> assertThat(told()).hasSize(TRAININGS - PLACES));
    assertThat(slowness.held.get()).as("let past the intake").isEqualTo(PLACES);
    assertThat(told())
        .allSatisfy(status -> {
          assertThat(status.phase()).isEqualTo(TrainingPhase.QUEUED);
          assertThat(status.conditions()).isNotEmpty();
          assertThat(queue(status).reason()).isEqualTo("WaitingForTurn");
        });
    assertThat(told().stream().map(status -> queue(status).message()))
        .as("numbers of those before them")
        .anyMatch(message -> message.contains("there were 0 to be"))
        .anyMatch(message -> message.contains("there were %d to be".formatted(LAST)));

    slowness.over.countDown();
    eventually(
        () -> assertThat(told()).hasSize(TRAININGS).allMatch(status -> status.attempt() != null));
  }

  private List<TrainingJobStatus> told() {
    return others.stream()
        .map(other -> other.resource().get().getStatus())
        .filter(Objects::nonNull)
        .toList();
  }

  private static QueueStatus queue(TrainingJobStatus status) {
    return Objects.requireNonNull(status.queue());
  }

  /** Those that hold the places and those that wait; a place must not go with them. */
  @Test
  void areTakenInAlsoWhenOthersAreDeletedOrRefused() {
    api.refuseOnce("/serviceaccounts/new59-training", 500, "out of order");
    others.forEach(other -> other.train("{workers: 1}"));
    eventually(() -> assertThat(slowness.held.get()).isEqualTo(PLACES));
    others.subList(0, TRAININGS / 2).forEach(other -> other.resource().delete());
    slowness.over.countDown();
    eventually(() ->
        assertThat(others.subList(TRAININGS / 2, TRAININGS))
            .allMatch(other -> other.phase() != null));
    eventually(() -> assertThat(operator.value("modelweir.training.intake.waiting")).isZero());
  }

  /** Holds the first write for each new training. */
  private static final class SlowStart implements Interceptor {

    private final AtomicInteger held = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if (!request.uri().getPath().contains("/serviceaccounts/new")) {
        return;
      }
      held.incrementAndGet();
      try {
        assertThat(over.await(60, TimeUnit.SECONDS)).as("the test goes on").isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
