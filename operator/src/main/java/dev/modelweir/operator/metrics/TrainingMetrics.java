package dev.modelweir.operator.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.GpuSeconds;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Meters of all trainings together:
 *
 * <ul>
 *   <li>{@code modelweir_training_jobs}, label {@code phase}
 *   <li>{@code modelweir_training_intake_waiting}: new trainings for which nothing was made yet
 *   <li>{@code modelweir_training_queue_wait_seconds} histogram: from the Job of an attempt to its
 *       admission by the built-in queue
 *   <li>{@code modelweir_training_admissions_total}, label {@code outcome}: {@code admitted} or
 *       {@code refused}
 *   <li>{@code modelweir_training_attempts_total}, label {@code outcome}: that of the attempt
 *   <li>{@code modelweir_training_gpu_allocated_seconds_total} and {@code
 *       modelweir_training_gpu_lost_seconds_total}: of attempts that have ended
 *   <li>{@code modelweir_training_stalls_total}
 * </ul>
 */
public final class TrainingMetrics {

  private static final ObjectMapper WORDS = new ObjectMapper();

  private final MeterRegistry registry;

  public TrainingMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts trainings from now on, whenever somebody asks.
   *
   * @param waiting number of new ones that are not taken in yet
   */
  public void watch(Supplier<Stream<TrainingJob>> trainings, Supplier<Number> waiting) {
    Gauge.builder("modelweir.training.intake.waiting", waiting)
        .description("New TrainingJobs that wait to be taken in")
        .register(registry);
    for (TrainingPhase phase : TrainingPhase.values()) {
      Gauge.builder("modelweir.training.jobs", () -> count(trainings.get(), phase))
          .description("TrainingJobs by phase")
          .tag("phase", word(phase))
          .register(registry);
    }
  }

  /**
   * Counts what a status that was written says for the first time.
   *
   * @param before the status that it replaces
   */
  public void wrote(@Nullable TrainingJobStatus before, TrainingJobStatus now) {
    AttemptOutcome outcome = outcome(now);
    if (outcome != null && (outcome(before) == null || number(before) != number(now))) {
      registry.counter("modelweir.training.attempts", "outcome", word(outcome)).increment();
    }
    add("modelweir.training.gpu.allocated.seconds", allocated(now) - allocated(before));
    add("modelweir.training.gpu.lost.seconds", lost(now) - lost(before));
    add("modelweir.training.stalls", isStalled(now) && !isStalled(before) ? 1 : 0);
  }

  /** An attempt was let in after it had waited so long. */
  public void admitted(Duration waited) {
    admission("admitted");
    Timer.builder("modelweir.training.queue.wait")
        .description("Time that attempts waited in the built-in queue")
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(100))
        .maximumExpectedValue(Duration.ofHours(12))
        .register(registry)
        .record(waited.isNegative() ? Duration.ZERO : waited);
  }

  /** An attempt was to be let in, and the API server did not take it. */
  public void refused() {
    admission("refused");
  }

  private void admission(String outcome) {
    registry.counter("modelweir.training.admissions", "outcome", outcome).increment();
  }

  private void add(String counter, long amount) {
    if (amount > 0) {
      registry.counter(counter).increment(amount);
    }
  }

  private static double count(Stream<TrainingJob> trainings, TrainingPhase phase) {
    return trainings
        .filter(job -> job.getStatus() != null && job.getStatus().phase() == phase)
        .count();
  }

  private static @Nullable AttemptOutcome outcome(@Nullable TrainingJobStatus status) {
    TrainingAttempt attempt = status == null ? null : status.attempt();
    return attempt == null ? null : attempt.outcome();
  }

  private static int number(@Nullable TrainingJobStatus status) {
    TrainingAttempt attempt = status == null ? null : status.attempt();
    return attempt == null || attempt.number() == null ? -1 : attempt.number();
  }

  private static long allocated(@Nullable TrainingJobStatus status) {
    GpuSeconds cost = status == null ? null : status.gpuSeconds();
    return cost == null || cost.allocated() == null ? 0 : cost.allocated();
  }

  private static long lost(@Nullable TrainingJobStatus status) {
    GpuSeconds cost = status == null ? null : status.gpuSeconds();
    return cost == null || cost.lost() == null ? 0 : cost.lost();
  }

  private static boolean isStalled(@Nullable TrainingJobStatus status) {
    List<Condition> conditions = status == null ? null : status.conditions();
    return conditions != null
        && conditions.stream()
            .anyMatch(
                c -> c.type().equals(ConditionType.PROGRESS_STALLED) && c.status().equals("True"));
  }

  /** As the API writes it. */
  private static String word(Enum<?> constant) {
    return WORDS.valueToTree(constant).asText();
  }
}
