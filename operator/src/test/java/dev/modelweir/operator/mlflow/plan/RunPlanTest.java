package dev.modelweir.operator.mlflow.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.TrainingJob;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunPlanTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @Test
  void nothingIsToldBeforeTheWorkersRun() {
    assertThat(RunPlan.of(job(""), false, NOW)).isEmpty();
    assertThat(RunPlan.of(job("status: {phase: Queued}"), false, NOW)).isEmpty();
    assertThat(RunPlan.of(job("status: {phase: Queued}"), true, NOW)).isEmpty();
  }

  @Test
  void aRunSaysWhatItIsTrainedWith() {
    RunPlan plan = plan("status: {phase: Running, startedAt: '2026-11-24T11:00:00Z'}", false);
    assertThat(plan.experiment()).isEqualTo("team/flowers");
    assertThat(plan.uid()).isEqualTo("u-1");
    assertThat(plan.params())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "image", "trainer:v1",
                "workers", "2",
                "input.train", "s3://data/iris",
                "input.train.version", "v7"));
    assertThat(plan.tags())
        .containsEntry("modelweir.dev/uid", "u-1")
        .containsEntry("modelweir.dev/training-job", "team/iris")
        .containsEntry("mlflow.source.git.commit", "9fceb02");
    assertThat(plan.measured()).isEmpty();
    assertThat(plan.end()).isEmpty();
    assertThat(plan.status()).isEqualTo(RunStatus.RUNNING);
  }

  @Test
  void itEndsAsTheJobDoesWithTheLastMetrics() {
    RunPlan plan =
        plan(
            """
            status:
              phase: Succeeded
              startedAt: '2026-11-24T11:00:00Z'
              finishedAt: '2026-11-24T11:30:00Z'
              progress: {step: 7, reportedAt: '2026-11-24T11:29:00Z', metrics: [{name: loss, value: '0.2'}]}
            """,
            false);
    assertThat(plan.end())
        .contains(new RunPlan.End(RunStatus.FINISHED, Instant.parse("2026-11-24T11:30:00Z")));
    assertThat(plan.measured())
        .containsExactly(
            new Measurement(
                List.of(new Metric("loss", "0.2")), 7, Instant.parse("2026-11-24T11:29:00Z")));
    assertThat(plan.completeAt()).isAfter(Instant.parse("2026-11-24T11:30:05Z"));
  }

  /** It would else be a second point, with an old value at a later step. */
  @Test
  void aMetricThatTheLastReportLeftOutStaysAtItsStep() {
    RunPlan plan =
        plan(
            """
            status:
              phase: Running
              startedAt: '2026-11-24T11:00:00Z'
              progress:
                step: 9
                reportedAt: '2026-11-24T11:29:00Z'
                metrics:
                - {name: loss, value: '0.2'}
                - {name: accuracy, value: '0.9', step: 5, reportedAt: '2026-11-24T11:20:00Z'}
            """,
            false);
    assertThat(plan.measured())
        .containsExactly(
            new Measurement(
                List.of(new Metric("loss", "0.2")), 9, Instant.parse("2026-11-24T11:29:00Z")),
            new Measurement(
                List.of(new Metric("accuracy", "0.9")), 5, Instant.parse("2026-11-24T11:20:00Z")));
  }

  @Test
  void whoeverDeletesATrainingThatRunsKillsIt() {
    String running = "status: {phase: Running, startedAt: '2026-11-24T11:00:00Z'}";
    assertThat(plan(running, true).end().map(RunPlan.End::status)).contains(RunStatus.KILLED);
    String failed =
        "status: {phase: Failed, startedAt: '2026-11-24T11:00:00Z', finishedAt: '2026-11-24T11:30:00Z'}";
    assertThat(plan(failed, true).end().map(RunPlan.End::status)).contains(RunStatus.FAILED);
  }

  private static RunPlan plan(String status, boolean deleted) {
    Optional<RunPlan> plan = RunPlan.of(job(status), deleted, NOW);
    assertThat(plan).isPresent();
    return plan.orElseThrow();
  }

  private static TrainingJob job(String status) {
    return Serialization.unmarshal(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: TrainingJob
        metadata: {name: iris, namespace: team, uid: u-1}
        spec:
          template: {image: 'trainer:v1'}
          workers: 2
          inputs: [{name: train, uri: 's3://data/iris', version: v7}]
          output: {model: flowers, storageUri: 'pvc://models'}
          gitRevision: 9fceb02
        """
            + status,
        TrainingJob.class);
  }
}
