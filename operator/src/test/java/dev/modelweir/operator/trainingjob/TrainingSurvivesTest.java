package dev.modelweir.operator.trainingjob;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.TrainedIris;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A training during whose life the operator dies after each of its writes, or each second or third:
 * what has come of it in the end is what comes of one that was left in peace.
 */
class TrainingSurvivesTest {

  private static final String HEX = "6f1c2a9b04".repeat(6) + "abcd";
  private static final String OUTPUT = "output: {model: iris, storageUri: 'pvc://models'}";

  private final ApiServer api = new ApiServer();
  private final TrainedIris iris = new TrainedIris(api.user());
  private final KubernetesClient client = api.operator();
  private volatile boolean alive = true;
  private int lives;

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest(name = "{0} writes in each life")
  @ValueSource(ints = {1, 2, 3})
  void comesToTheSameEndHoweverOftenTheOperatorDies(int writes) throws InterruptedException {
    iris.node("node-1", 4);
    Thread deaths = Thread.ofPlatform().start(() -> liveAndDie(writes));
    try {
      live();
    } finally {
      alive = false;
      deaths.join();
    }
    assertThat(lives).as("times that the operator lived").isGreaterThan(20 / writes);
    isAsIfNothingHadHappened();
  }

  /** Suspended and resumed, failed and begun anew, trained, published and registered. */
  private void live() {
    iris.train("{workers: 2, %s}".formatted(OUTPUT));
    iris.runs(0, 2);
    iris.train("{workers: 2, suspend: true, %s}".formatted(OUTPUT));
    eventually(() -> assertThat(iris.jobs()).isEmpty());
    iris.podsEnd();
    eventually(() -> assertThat(iris.phase()).isEqualTo(TrainingPhase.SUSPENDED));
    iris.train("{workers: 2, suspend: false, %s}".formatted(OUTPUT));
    iris.runs(1, 2);
    iris.failed(
        1,
        "Container train for pod default/iris-1-0 failed with exit code 1 matching FailJob rule at index 1",
        Duration.ofSeconds(10)); // so the pause before the next attempt is over
    iris.runs(2, 2);
    iris.complete(2);
    iris.published(
        """
        {"uri": "file:///mnt/modelweir/store/iris/sha256-%s/model.onnx", "digest": "sha256:%s"}
        """
            .formatted(HEX, HEX));
    eventually(() -> assertThat(iris.phase()).isEqualTo(TrainingPhase.SUCCEEDED));
  }

  private void liveAndDie(int writes) {
    while (alive) {
      try (ApiServer.Budget budget = api.allowWrites(writes);
          RunningOperator operator = RunningOperator.start(client)) {
        lives++;
        while (alive && !budget.isSpent()) {
          Thread.sleep(5);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void isAsIfNothingHadHappened() {
    TrainingJobStatus status = iris.status();
    assertThat(status.restarts()).isEqualTo(new RestartCounts(1, 0, 0));
    var attempt = Objects.requireNonNull(status.attempt());
    assertThat(attempt.number()).isEqualTo(2);
    assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.SUCCEEDED);
    assertThat(status.modelVersion()).isEqualTo("iris-6f1c2a9b04");
    assertThat(iris.version("iris-6f1c2a9b04").getSpec().digest()).isEqualTo("sha256:" + HEX);
    try (RunningOperator operator = RunningOperator.start(client)) {
      eventually(() -> assertThat(iris.jobs()).containsExactlyInAnyOrder("iris-2", "iris-publish"));
      eventually(() -> assertThat(operator.reconciles()).isPositive());
    }
    assertThat(iris.status()).as("nothing is counted again").isEqualTo(status);
  }
}
