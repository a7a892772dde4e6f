package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.CheckpointSpec;
import dev.modelweir.api.v1alpha1.ResumePolicy;
import dev.modelweir.api.v1alpha1.TrainingInput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.pod.Environment;
import dev.modelweir.operator.trainingjob.state.Wishes;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.ArrayList;
import java.util.List;

/** What a worker learns from its environment: folders, its rank, and where the others are. */
final class TrainingEnvironment {

  static final int MASTER_PORT = 29500;
  private static final int CHECKPOINT_SECONDS = 300;
  private static final String RANK =
      "metadata.annotations['batch.kubernetes.io/job-completion-index']";

  private TrainingEnvironment() {}

  /** The contract with the program; what the user sets wins over it. */
  static List<EnvVar> of(TrainingJob job, int attempt) {
    List<EnvVar> env = new ArrayList<>();
    env.add(Environment.value("HOME", "/tmp")); // the only folder that every library may write to
    env.addAll(identity(job, attempt));
    env.addAll(folders(job));
    env.addAll(rendezvous(job, attempt));
    env.addAll(torchrun(job, attempt));
    return env;
  }

  private static List<EnvVar> identity(TrainingJob job, int attempt) {
    return List.of(
        Environment.value("MODELWEIR_JOB_NAME", job.getMetadata().getName()),
        Environment.value("MODELWEIR_JOB_UID", job.getMetadata().getUid()),
        Environment.value("MODELWEIR_ATTEMPT", Integer.toString(attempt)));
  }

  private static List<EnvVar> folders(TrainingJob job) {
    List<EnvVar> env = new ArrayList<>();
    env.add(Environment.value("MODELWEIR_MODEL_DIR", WorkerPod.OUTPUT_DIR));
    for (TrainingInput input : Inputs.of(job)) {
      env.add(Environment.value(Inputs.variable(input), Inputs.path(input)));
    }
    CheckpointSpec checkpoint = job.getSpec().checkpoint();
    if (checkpoint == null) {
      return env;
    }
    int interval =
        checkpoint.intervalSeconds() == null ? CHECKPOINT_SECONDS : checkpoint.intervalSeconds();
    boolean resume = checkpoint.resume() != ResumePolicy.NEVER;
    env.add(Environment.value("MODELWEIR_CHECKPOINT_DIR", WorkerPod.CHECKPOINT_DIR));
    env.add(Environment.value("MODELWEIR_CHECKPOINT_INTERVAL_SECONDS", Integer.toString(interval)));
    env.add(Environment.value("MODELWEIR_RESUME", resume ? "Latest" : "Never"));
    TrainingJobStatus status = job.getStatus();
    if (resume && status != null && status.checkpoint() != null) {
      Long step = status.checkpoint().step();
      if (step != null) {
        env.add(Environment.value("MODELWEIR_RESUME_STEP", step.toString()));
      }
    }
    return env;
  }

  private static List<EnvVar> rendezvous(TrainingJob job, int attempt) {
    return List.of(
        field("MODELWEIR_RANK", RANK),
        Environment.value("MODELWEIR_WORLD_SIZE", Integer.toString(Wishes.workers(job))),
        Environment.value("MODELWEIR_MASTER_ADDR", master(job, attempt)),
        Environment.value("MODELWEIR_MASTER_PORT", Integer.toString(MASTER_PORT)));
  }

  /**
   * What {@code torchrun} reads. The plain {@code RANK} and {@code WORLD_SIZE} are absent: torchrun
   * sets them itself for each process, and a program started by it must not find others.
   */
  private static List<EnvVar> torchrun(TrainingJob job, int attempt) {
    int processes = Math.max(1, Wishes.accelerators(job) / Wishes.workers(job));
    return List.of(
        Environment.value("PET_NNODES", Integer.toString(Wishes.workers(job))),
        Environment.value("PET_NPROC_PER_NODE", Integer.toString(processes)),
        field("PET_NODE_RANK", RANK),
        Environment.value("PET_MASTER_ADDR", master(job, attempt)),
        Environment.value("PET_MASTER_PORT", Integer.toString(MASTER_PORT)));
  }

  /** The stable name of worker 0, which the headless Service of a gang gives to its pod. */
  private static String master(TrainingJob job, int attempt) {
    if (Wishes.workers(job) == 1) {
      return "localhost";
    }
    return "%s-0.%s.%s.svc"
        .formatted(
            TrainingNames.attempt(job, attempt),
            TrainingNames.companions(job),
            job.getMetadata().getNamespace());
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }
}
