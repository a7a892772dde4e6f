package dev.modelweir.operator;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.Iris;
import dev.modelweir.operator.testing.Registry;
import dev.modelweir.operator.testing.TrainedIris;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From a training to requests: all reconcilers together, with nothing but objects between them. */
class WayOfAModelTest {

  private static final String PLAIN =
      "{workers: 1, output: {model: iris, storageUri: 'pvc://models'}}";
  private static final String PASSES =
      "{workers: 1, output: {model: iris, alias: champion, storageUri: 'pvc://models'}}";
  private static final String GATED =
      "{workers: 1, output: {model: iris, alias: champion, storageUri: 'pvc://models', metricsGate:"
          + " [{metric: accuracy, atLeast: '0.99'}]}}";

  private final ApiServer api = new ApiServer();
  private final Registry registry = Registry.on(api);
  private final Iris service = new Iris(api.user(), "flowers");
  private final RunningOperator operator;

  WayOfAModelTest() {
    new TrainedIris(api.user()).node("node-1", 4);
    operator = RunningOperator.start(api.operator());
  }

  @AfterEach
  void stop() {
    operator.close();
    api.close();
  }

  @Test
  void whatIsTrainedIsServedAndWhatIsWorseIsNot() {
    service.apply("{model: {format: ONNX, aliasRef: {model: iris, alias: champion}}, replicas: 1}");
    eventually(() -> assertThat(service.ready()).isEqualTo("False/AliasNotFound"));

    train("first", PASSES, "a");
    eventually(() -> assertThat(service.ready()).isEqualTo("False/Starting"));
    String first = service.onlyDeployment();
    service.pods(first, 1, 1);
    eventually(() -> assertThat(service.ready()).isEqualTo("True/Ready"));
    assertThat(service.status().orElseThrow().model().version()).isEqualTo("iris-aaaaaaaaaa");

    train("worse", GATED, "b");
    eventually(() -> assertThat(service.events()).contains("Warning NotPromoted 1"));
    assertThat(service.ready()).isEqualTo("True/Ready");
    assertThat(registry.aliases()).isEqualTo("champion=iris-aaaaaaaaaa");

    registry.apply("{aliases: {champion: iris-bbbbbbbbbb}}");
    eventually(() -> assertThat(service.ready()).isEqualTo("False/RollingOut"));
    assertThat(service.answering()).isEqualTo(first);
    eventually(() ->
        assertThat(registry.usersOf("iris-aaaaaaaaaa")).as("still answers").isEqualTo("flowers"));
  }

  /** A version never changes, so one training's says nothing of another's alias and gate. */
  @Test
  void theSameBytesAreJudgedForEachTraining() {
    train("plain", PLAIN, "a");
    assertThat(registry.versions()).containsExactly("iris-aaaaaaaaaa");

    String strict = train("strict", GATED, "a");
    eventually(() -> assertThat(registry.decided()).contains(strict));
    assertThat(registry.versions()).containsExactlyInAnyOrder("iris-aaaaaaaaaa", strict);
    assertThat(registry.aliases()).doesNotContain("iris-");

    String lenient = train("lenient", PASSES, "a");
    eventually(() -> assertThat(registry.aliases()).isEqualTo("champion=" + lenient));

    assertThat(train("plain-again", PLAIN, "a")).isEqualTo("iris-aaaaaaaaaa");
    assertThat(registry.versions()).containsExactlyInAnyOrder("iris-aaaaaaaaaa", strict, lenient);
  }

  /**
   * Trains until the model is registered, with a digest of this digit.
   *
   * @return the version
   */
  private String train(String job, String spec, String digit) {
    TrainedIris training = new TrainedIris(api.user(), job);
    training.train(spec);
    training.runs(0, 1);
    training.complete(0);
    eventually(() -> assertThat(training.phase()).isEqualTo(TrainingPhase.PUBLISHING));
    training.published(
        """
        {"uri": "file:///mnt/modelweir/store/iris/sha256-%1$s/model.onnx", "digest": "sha256:%1$s",
         "sizeBytes": 9, "metrics": {"accuracy": 0.97}}
        """
            .formatted(digit.repeat(64)));
    eventually(() -> assertThat(training.phase()).isEqualTo(TrainingPhase.SUCCEEDED));
    return training.status().modelVersion();
  }
}
