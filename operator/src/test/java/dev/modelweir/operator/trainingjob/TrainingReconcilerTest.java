package dev.modelweir.operator.trainingjob;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Promotion;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.progress.plan.ProgressAddress;
import dev.modelweir.operator.progress.plan.ProgressTarget;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.TrainedIris;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life of a training against an API server in this process. */
class TrainingReconcilerTest {

  private static final String HEX = "6f1c2a9b04".repeat(6) + "abcd";

  private final ApiServer api = new ApiServer();
  private final TrainedIris iris = new TrainedIris(api.user());
  private RunningOperator operator;

  TrainingReconcilerTest() {
    iris.node("node-1", 4);
    operator = RunningOperator.start(api.operator());
  }

  @AfterEach
  void stop() {
    operator.close();
    api.close();
  }

  @Test
  void goesFromTheQueueToAModelVersion() {
    iris.train("{workers: 2, output: {model: iris, storageUri: 'pvc://models', alias: champion}}");
    iris.runs(0, 2);
    assertThat(iris.status().startedAt()).isNotNull();

    iris.complete(0);
    eventually(() -> assertThat(iris.phase()).isEqualTo(TrainingPhase.PUBLISHING));
    iris.published(
        """
        {"uri": "file:///mnt/modelweir/store/iris/sha256-%s/model.onnx", "digest": "sha256:%s",
         "sizeBytes": 9, "metrics": {"accuracy": 0.97}}
        """
            .formatted(HEX, HEX));

    eventually(() -> assertThat(iris.phase()).isEqualTo(TrainingPhase.SUCCEEDED));
    ModelVersion version = iris.version("iris-6f1c2a9b04");
    assertThat(version.getSpec().storageUri())
        .isEqualTo("pvc://models/iris/sha256-%s/model.onnx".formatted(HEX));
    assertThat(version.getSpec().promotion())
        .isEqualTo(new Promotion("champion", true, "no gate: every new version is promoted"));
    assertThat(version.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(iris.status().modelVersion()).isEqualTo("iris-6f1c2a9b04");
    assertThat(iris.events()).contains("Normal Training", "Normal Published", "Normal Succeeded");
  }

  /** Four processors: the second of two gangs of three waits as a whole. */
  @Test
  void aGangThatDoesNotFitBesideAnotherWaits() {
    var other = new TrainedIris(api.user(), "wine");
    iris.train("{workers: 3}");
    iris.runs(0, 3);
    other.train("{workers: 3}");
    eventually(() -> {
      assertThat(other.phase()).isEqualTo(TrainingPhase.QUEUED);
      assertThat(other.status().queue()).isNotNull();
    });
    assertThat(Objects.requireNonNull(other.status().queue()).reason())
        .isEqualTo("WaitingForCapacity");
    assertThat(other.job(0).getSpec().getSuspend()).isTrue();

    iris.complete(0);
    eventually(() -> assertThat(other.job(0).getSpec().getSuspend()).isFalse());
  }

  /** It must not keep the turn of its gang from others for as long as a policy refuses it. */
  @Test
  void whatMayNotStartGivesItsTurnToOthers() {
    api.refuse("/jobs/iris-0?fieldManager=modelweir-admission", 422, "no trainings at night");
    var other = new TrainedIris(api.user(), "wine");
    iris.train("{workers: 2}");
    eventually(() -> {
      assertThat(iris.phase()).isEqualTo(TrainingPhase.QUEUED);
      assertThat(iris.status().queue())
          .isNotNull()
          .satisfies(queue -> {
            assertThat(queue.reason()).isEqualTo("ApplyFailed");
            assertThat(queue.position()).isNull();
            assertThat(queue.message()).contains("no trainings at night");
          });
    });
    other.train("{workers: 2}");
    other.runs(0, 2);
    assertThat(iris.job(0).getSpec().getSuspend()).isTrue();
    assertThat(iris.events()).contains("Warning ApplyFailed");
  }

  /** Four objects, and what changes is said once. */
  @Test
  void aTrainingCostsFewWrites() {
    iris.train("{workers: 1}");
    iris.runs(0, 1);
    iris.succeed(0);
    eventually(() -> assertThat(iris.phase()).isEqualTo(TrainingPhase.SUCCEEDED));
    assertThat(iris.status().workersSummary()).isEqualTo("1/1");
    assertThat(iris.jobs()).containsExactly("iris-0");
    assertThat(iris.events()).contains("Normal Training", "Normal Succeeded");
    assertThat(api.writesOfOperator()).hasSizeLessThanOrEqualTo(12);
  }

  /** A pod that is made earlier would never learn where to report. */
  @Test
  void waitsUntilItIsKnownWhereWorkersReport() {
    operator.close();
    var address = new Opening();
    operator = RunningOperator.start(api.operator(), address);
    iris.train("{workers: 1}");
    eventually(() -> assertThat(address.asked.get()).isGreaterThan(1));
    assertThat(iris.jobs()).isEmpty();
    address.open = true;
    eventually(() -> assertThat(iris.jobs()).containsExactly("iris-0"));
    assertThat(iris.job(0).getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
        .anyMatch(variable -> variable.getName().equals("MODELWEIR_PROGRESS_URL"));
  }

  private static final class Opening implements ProgressAddress {

    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean open;

    @Override
    public Optional<ProgressTarget> target() {
      return open ? Optional.of(new ProgressTarget("https://here", "(pem)")) : Optional.empty();
    }

    @Override
    public boolean isOpening() {
      asked.incrementAndGet();
      return !open;
    }
  }

  @Test
  void suspendsAndGoesOn() {
    iris.train("{workers: 1}");
    iris.runs(0, 1);
    iris.suspend(true);
    eventually(() -> assertThat(iris.jobs()).isEmpty());
    assertThat(iris.phase()).isEqualTo(TrainingPhase.CHECKPOINTING);
    iris.podsEnd();
    eventually(() -> assertThat(iris.phase()).isEqualTo(TrainingPhase.SUSPENDED));
    iris.suspend(false);
    iris.runs(1, 1);
    assertThat(iris.status().restartsTotal()).isZero();
  }

  @Test
  void countsAFailureOnceHoweverOftenTheOperatorDies() {
    iris.train("{workers: 1}");
    iris.runs(0, 1);
    operator.close();
    iris.fail(
        0,
        "Container train for pod default/iris-0-0 failed with exit code 1 matching FailJob rule at index 1");
    for (int i = 0; i < 3; i++) {
      operator = RunningOperator.start(api.operator());
      eventually(() -> assertThat(operator.reconciles()).isPositive());
      eventually(() -> assertThat(iris.status().restarts()).isEqualTo(new RestartCounts(1, 0, 0)));
      operator.close();
    }
  }

  @Test
  void writesNothingAtRest() {
    iris.train("{workers: 1}");
    iris.runs(0, 1);
    operator.close();
    operator = RunningOperator.start(api.operator());
    eventually(() -> assertThat(operator.reconciles()).isPositive());
    int writes = api.writesOfOperator().size();
    for (int i = 0; i < 3; i++) {
      long before = operator.reconciles();
      iris.touch(0);
      eventually(() -> assertThat(operator.reconciles()).isGreaterThan(before));
    }
    assertThat(api.writesOfOperator()).hasSize(writes);
  }

  /** What workers report is written by another and stays. */
  @Test
  void showsTheProgressThatWorkersReport() {
    iris.train("{workers: 1}");
    iris.runs(0, 1);
    iris.report(42);
    eventually(() -> assertThat(iris.status().progressSummary()).isEqualTo("42%"));
    assertThat(Objects.requireNonNull(iris.status().progress()).percent()).isEqualTo(42);
  }

  /** After the first, which ends the doubt about progress, the endpoint has said all there is. */
  @Test
  void aReportCostsTheReconcilerNoWrite() {
    iris.train("{workers: 1}");
    iris.runs(0, 1);
    iris.report(41);
    eventually(() ->
        assertThat(iris.status().conditions())
            .anyMatch(c -> c.type().equals("ProgressStalled") && c.status().equals("False")));
    reconciledAfter(() -> iris.touch(0));
    int writes = api.writesOfOperator().size();
    reconciledAfter(() -> iris.report(42));
    assertThat(api.writesOfOperator()).hasSize(writes);
    assertThat(iris.status().progressSummary()).isEqualTo("42%");
  }

  private void reconciledAfter(Runnable change) {
    long before = operator.reconciles();
    change.run();
    eventually(() -> assertThat(operator.reconciles()).isGreaterThan(before));
  }
}
