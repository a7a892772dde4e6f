package dev.modelweir.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrainingMetricsTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TrainingMetrics metrics = new TrainingMetrics(registry);

  /** The same status once more, as after a restart of the operator, counts nothing. */
  @Test
  void countsAnAttemptWhenItsOutcomeIsWritten() {
    TrainingJobStatus runs = status("{attempt: {number: 0}}");
    TrainingJobStatus failed = status("{attempt: {number: 0, outcome: Failed}}");
    metrics.wrote(null, runs);
    metrics.wrote(runs, failed);
    metrics.wrote(failed, failed);
    assertThat(attempts("Failed")).isEqualTo(1);
    TrainingJobStatus next = status("{attempt: {number: 1, outcome: GangTimeout}}");
    metrics.wrote(failed, next);
    assertThat(attempts("GangTimeout")).isEqualTo(1);
  }

  @Test
  void addsWhatEndedAttemptsCost() {
    TrainingJobStatus first = status("{gpuSeconds: {allocated: 100, lost: 7}}");
    TrainingJobStatus second = status("{gpuSeconds: {allocated: 130, lost: 7}}");
    metrics.wrote(null, first);
    metrics.wrote(first, second);
    metrics.wrote(second, second);
    assertThat(counter("modelweir.training.gpu.allocated.seconds")).isEqualTo(130);
    assertThat(counter("modelweir.training.gpu.lost.seconds")).isEqualTo(7);
  }

  @Test
  void countsAStallWhenItBegins() {
    TrainingJobStatus good = status(stalled("False"));
    TrainingJobStatus bad = status(stalled("True"));
    metrics.wrote(good, bad);
    metrics.wrote(bad, bad);
    metrics.wrote(bad, good);
    metrics.wrote(good, bad);
    assertThat(counter("modelweir.training.stalls")).isEqualTo(2);
  }

  @Test
  void tellsPhasesAndTheQueue() {
    List<TrainingJob> jobs = new ArrayList<>();
    metrics.watch(jobs::stream, () -> 7);
    for (String phase : List.of("Queued", "Queued", "Running")) {
      TrainingJob job = new TrainingJob();
      job.setStatus(status("{phase: %s}".formatted(phase)));
      jobs.add(job);
    }
    jobs.add(new TrainingJob());
    assertThat(gauge("Queued")).isEqualTo(2);
    assertThat(gauge("Running")).isEqualTo(1);
    assertThat(gauge("Failed")).isZero();
    assertThat(registry.get("modelweir.training.intake.waiting").gauge().value()).isEqualTo(7);

    metrics.admitted(Duration.ofSeconds(3));
    metrics.refused();
    assertThat(registry.get("modelweir.training.queue.wait").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(3);
    assertThat(
            registry.get("modelweir.training.admissions").counters().stream().map(Counter::count))
        .containsExactly(1.0, 1.0);
  }

  private double gauge(String phase) {
    return registry.get("modelweir.training.jobs").tag("phase", phase).gauge().value();
  }

  private double attempts(String outcome) {
    return registry.get("modelweir.training.attempts").tag("outcome", outcome).counter().count();
  }

  private double counter(String name) {
    return registry.get(name).counter().count();
  }

  private static String stalled(String status) {
    return "{conditions: [{type: ProgressStalled, status: '%s', reason: NoProgress}]}"
        .formatted(status);
  }

  private static TrainingJobStatus status(String yaml) {
    try {
      return YAML.readValue(yaml, TrainingJobStatus.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}
