package dev.modelweir.operator.mlflow.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.TrainingInput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobSpec;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.report.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The run that an MLflow server should hold of one TrainingJob.
 *
 * @param experiment name of the experiment, {@code NAMESPACE/MODEL}
 * @param name name of the run, for people
 * @param uid of the TrainingJob, by which the run is found again
 * @param startedAt when workers first ran
 * @param tags where it comes from
 * @param params what it was trained with
 * @param measured what its workers reported last of each metric, by the report that it was in
 * @param end how it ended; absent while it goes on
 */
public record RunPlan(
    String experiment,
    String name,
    String uid,
    Instant startedAt,
    Map<String, String> tags,
    Map<String, String> params,
    List<Measurement> measured,
    Optional<End> end) {

  // Reports of workers reach the status with a delay of some seconds.
  private static final Duration LAST_REPORTS = Duration.ofSeconds(10);

  /** That it has ended, how and when. */
  public record End(RunStatus status, Instant at) {}

  public RunPlan {
    tags = Map.copyOf(tags);
    params = Map.copyOf(params);
    measured = List.copyOf(measured);
  }

  /**
   * What to tell of a job; nothing before its workers have run for the first time.
   *
   * @param deleted whether the job has just been deleted
   */
  public static Optional<RunPlan> of(TrainingJob job, boolean deleted, Instant now) {
    TrainingJobStatus status = job.getStatus();
    if (status == null || status.startedAt() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new RunPlan(
            experiment(job),
            job.getMetadata().getName(),
            job.getMetadata().getUid(),
            Instant.parse(status.startedAt()),
            tags(job),
            params(job.getSpec()),
            measured(status.progress()),
            end(status, deleted, now)));
  }

  /** How the run should stand now. */
  public RunStatus status() {
    return end.map(End::status).orElse(RunStatus.RUNNING);
  }

  /** From when on nothing more is to be expected that belongs to it. */
  public Instant completeAt() {
    return end.map(last -> last.at().plus(LAST_REPORTS)).orElse(startedAt);
  }

  private static String experiment(TrainingJob job) {
    ModelOutput output = job.getSpec().output();
    return MlflowNames.experiment(
        job.getMetadata().getNamespace(),
        output == null ? job.getMetadata().getName() : output.model());
  }

  private static Map<String, String> tags(TrainingJob job) {
    Map<String, String> tags = new TreeMap<>();
    tags.put(MlflowNames.UID, job.getMetadata().getUid());
    tags.put(
        Api.TRAINING_JOB_LABEL,
        job.getMetadata().getNamespace() + "/" + job.getMetadata().getName());
    // Columns of MLflow's own pages.
    tags.put("mlflow.source.type", "JOB");
    tags.put("mlflow.source.name", job.getSpec().template().image());
    if (job.getSpec().gitRevision() != null) {
      tags.put("mlflow.source.git.commit", job.getSpec().gitRevision());
    }
    return tags;
  }

  private static Map<String, String> params(TrainingJobSpec spec) {
    Map<String, String> params = new TreeMap<>();
    params.put("image", spec.template().image());
    params.put("workers", spec.workers() == null ? "1" : spec.workers().toString());
    if (spec.inputs() != null) {
      for (TrainingInput input : spec.inputs()) {
        String name = "input." + input.name();
        params.put(name, Address.shown(input.uri()));
        put(params, name + ".version", input.version());
        put(params, name + ".digest", input.digest());
      }
    }
    return params;
  }

  private static void put(Map<String, String> params, String name, @Nullable String value) {
    if (value != null) {
      params.put(name, value);
    }
  }

  /** One that a report left out is a point of the report before, and not once more of this one. */
  private static List<Measurement> measured(@Nullable TrainingProgress progress) {
    if (progress == null || progress.metrics() == null || progress.reportedAt() == null) {
      return List.of();
    }
    String latest = progress.reportedAt();
    return progress.metrics().stream()
        .map(metric -> {
          String earlier = metric.reportedAt();
          Long step = earlier == null ? progress.step() : metric.step();
          return new Measurement(
              List.of(new Metric(metric.name(), metric.value())),
              step == null ? 0 : step,
              Instant.parse(earlier == null ? latest : earlier));
        })
        .toList();
  }

  private static Optional<End> end(TrainingJobStatus status, boolean deleted, Instant now) {
    if (status.finishedAt() != null) {
      RunStatus how =
          status.phase() == TrainingPhase.SUCCEEDED ? RunStatus.FINISHED : RunStatus.FAILED;
      return Optional.of(new End(how, Instant.parse(status.finishedAt())));
    }
    return deleted ? Optional.of(new End(RunStatus.KILLED, now)) : Optional.empty();
  }
}
