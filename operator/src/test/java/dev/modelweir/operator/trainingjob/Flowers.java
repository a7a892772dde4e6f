package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.Accelerator;
import dev.modelweir.api.v1alpha1.AcceleratorVendor;
import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.CheckpointSpec;
import dev.modelweir.api.v1alpha1.ExitCodes;
import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.ResumePolicy;
import dev.modelweir.api.v1alpha1.Retries;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobSpec;
import dev.modelweir.api.v1alpha1.TrainingTemplate;
import dev.modelweir.operator.plan.Ownership;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A training called `iris`, its attempts and their workers, as tests need them. */
public final class Flowers {

  public static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  public static final String UID = "5f0c6a52-0000-4000-8000-000000000001";

  private Flowers() {}

  public static TrainingJob job(int workers, UnaryOperator<SpecOf> change) {
    TrainingJob job = new TrainingJob();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withName("iris")
            .withNamespace("default")
            .withUid(UID)
            .withGeneration(1L)
            .withCreationTimestamp("2026-11-24T11:00:00Z")
            .build());
    job.setSpec(change.apply(new SpecOf(workers)).build());
    return job;
  }

  public static TrainingJob job(int workers) {
    return job(workers, UnaryOperator.identity());
  }

  /** The parts of a spec that the life of a training depends on. */
  public static final class SpecOf {

    private final int workers;
    private @Nullable Boolean suspend;
    private @Nullable Integer deadline;
    private @Nullable Integer ttl;
    private @Nullable Integer retries;
    private @Nullable ModelOutput output;
    private @Nullable Accelerator accelerator;
    private @Nullable String queue;
    private @Nullable ExitCodes exitCodes;
    private @Nullable CheckpointSpec checkpoint;

    SpecOf(int workers) {
      this.workers = workers;
    }

    public SpecOf suspended() {
      suspend = true;
      return this;
    }

    public SpecOf deadline(int seconds) {
      deadline = seconds;
      return this;
    }

    public SpecOf ttl(int seconds) {
      ttl = seconds;
      return this;
    }

    public SpecOf retries(int number) {
      retries = number;
      return this;
    }

    public SpecOf gpus(int each) {
      accelerator = new Accelerator(AcceleratorVendor.NVIDIA, each, null, null, null, null, null);
      return this;
    }

    public SpecOf share(String fraction) {
      accelerator =
          new Accelerator(
              AcceleratorVendor.NVIDIA, null, null, new Quantity(fraction), null, null, null);
      return this;
    }

    public SpecOf exitCodes(List<Integer> fatal, List<Integer> disruption) {
      exitCodes = new ExitCodes(fatal, disruption);
      return this;
    }

    public SpecOf neverResuming() {
      checkpoint = new CheckpointSpec("pvc://training", null, null, ResumePolicy.NEVER);
      return this;
    }

    public SpecOf queue(String localQueue) {
      queue = localQueue;
      return this;
    }

    public SpecOf publishing() {
      output = new ModelOutput("iris", "pvc://models", null, null, null, null);
      return this;
    }

    TrainingJobSpec build() {
      return new TrainingJobSpec(
          new TrainingTemplate("trainer:v1", null, null, null, null, accelerator, null),
          workers,
          null,
          output,
          checkpoint,
          suspend,
          null,
          queue,
          null,
          retries == null && exitCodes == null ? null : new Retries(retries, exitCodes),
          deadline,
          ttl,
          null,
          null);
    }
  }

  /** The Job of an attempt, let in by the queue and without an end. */
  public static JobBuilder attempt(TrainingJob training, int number) {
    int workers = Objects.requireNonNull(training.getSpec().workers());
    return new JobBuilder()
        .withNewMetadata()
        .withName("iris-" + number)
        .withNamespace("default")
        .withUid("job-" + number)
        .addToLabels(Api.TRAINING_JOB_LABEL, "iris")
        .addToLabels(Api.ATTEMPT_LABEL, Integer.toString(number))
        .withOwnerReferences(Ownership.reference(training))
        .endMetadata()
        .withNewSpec()
        .withSuspend(false)
        .withCompletions(workers)
        .withParallelism(workers)
        .withNewTemplate()
        .withNewSpec()
        .addNewContainer()
        .withName("train")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .withNewStatus()
        .withStartTime("2026-11-24T11:50:00Z")
        .endStatus();
  }

  public static Job waiting(TrainingJob training, int number) {
    return attempt(training, number)
        .editSpec()
        .withSuspend(true)
        .endSpec()
        .withStatus(null)
        .build();
  }

  public static Job ended(TrainingJob training, int number, String type, String message) {
    return attempt(training, number)
        .editStatus()
        .withCompletionTime(type.equals("Complete") ? "2026-11-24T11:59:00Z" : null)
        .addNewCondition()
        .withType(type)
        .withStatus("True")
        .withReason("PodFailurePolicy")
        .withMessage(message)
        .withLastTransitionTime("2026-11-24T11:59:00Z")
        .endCondition()
        .endStatus()
        .build();
  }

  /** A worker that nothing has happened to yet. */
  public static PodBuilder worker(Job job, int index) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(job.getMetadata().getName() + "-" + index)
        .withNamespace("default")
        .withLabels(job.getMetadata().getLabels())
        .withCreationTimestamp("2026-11-24T11:50:01Z")
        .withOwnerReferences(Ownership.reference(job))
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .withPhase("Pending")
        .endStatus();
  }

  public static Pod running(Job job, int index) {
    return worker(job, index)
        .withNewStatus()
        .withPhase("Running")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .addNewContainerStatus()
        .withName("train")
        .withNewState()
        .withNewRunning("2026-11-24T11:51:00Z")
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  /** A worker that has done its part. */
  public static Pod endedWell(Job job, int index) {
    return new PodBuilder(failed(job, index, 0, "2026-11-24T11:58:00Z").build())
        .editStatus()
        .withPhase("Succeeded")
        .endStatus()
        .build();
  }

  public static PodBuilder failed(Job job, int index, int exitCode, String finishedAt) {
    return worker(job, index)
        .withNewStatus()
        .withPhase("Failed")
        .addNewContainerStatus()
        .withName("train")
        .withNewState()
        .withNewTerminated()
        .withExitCode(exitCode)
        .withStartedAt("2026-11-24T11:51:00Z")
        .withFinishedAt(finishedAt)
        .withMessage("boom")
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus();
  }

  public static TrainingObservation seen(List<? extends HasMetadata> objects) {
    List<HasMetadata> children = new ArrayList<>();
    List<Pod> pods = new ArrayList<>();
    for (HasMetadata object : objects) {
      if (object instanceof Pod pod) {
        pods.add(pod);
      } else {
        children.add(object);
      }
    }
    return new TrainingObservation(
        children, pods, Map.of(), List.of(), Optional.empty(), false, Optional.empty());
  }
}
