package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.Accelerator;
import dev.modelweir.api.v1alpha1.CheckpointSpec;
import dev.modelweir.api.v1alpha1.ExitCodes;
import dev.modelweir.api.v1alpha1.ResourceQuantities;
import dev.modelweir.api.v1alpha1.ResumePolicy;
import dev.modelweir.api.v1alpha1.Retries;
import dev.modelweir.api.v1alpha1.SchedulingSpec;
import dev.modelweir.api.v1alpha1.TrainingJob;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a spec asks for, with the defaults of what it leaves out. */
public final class Wishes {

  private static final int RETRIES = 3;
  private static final int GANG_TIMEOUT_SECONDS = 300;
  private static final int CHECKPOINT_GRACE_SECONDS = 60;
  private static final int PLAIN_GRACE_SECONDS = 30;
  private static final int PROGRESS_DEADLINE_SECONDS = 600;

  private Wishes() {}

  public static int workers(TrainingJob job) {
    Integer workers = job.getSpec().workers();
    return workers == null ? 1 : workers;
  }

  public static boolean suspended(TrainingJob job) {
    return Boolean.TRUE.equals(job.getSpec().suspend());
  }

  public static int retries(TrainingJob job) {
    Retries retries = job.getSpec().retries();
    return retries == null || retries.application() == null ? RETRIES : retries.application();
  }

  /** Exit codes after which the training is given up. */
  static List<Integer> fatal(TrainingJob job) {
    return exitCodes(job).map(ExitCodes::fatal).orElse(List.of());
  }

  /** Exit codes that say that something outside of the program ended it. */
  static List<Integer> disruptions(TrainingJob job) {
    return exitCodes(job).map(ExitCodes::disruption).orElse(List.of());
  }

  private static Optional<ExitCodes> exitCodes(TrainingJob job) {
    return Optional.ofNullable(job.getSpec().retries()).map(Retries::exitCodes);
  }

  /** Whether an attempt goes on from the checkpoint of the one before, if there is one. */
  public static boolean resumes(TrainingJob job) {
    CheckpointSpec checkpoint = job.getSpec().checkpoint();
    return checkpoint == null || checkpoint.resume() != ResumePolicy.NEVER;
  }

  public static Duration gangTimeout(TrainingJob job) {
    SchedulingSpec scheduling = job.getSpec().scheduling();
    return Duration.ofSeconds(
        scheduling == null || scheduling.gangTimeoutSeconds() == null
            ? GANG_TIMEOUT_SECONDS
            : scheduling.gangTimeoutSeconds());
  }

  /** Whether the user counts on the program to report. */
  public static boolean expectsProgress(TrainingJob job) {
    return job.getSpec().progressDeadlineSeconds() != null;
  }

  /** How long workers may take to save and end. */
  public static Duration gracePeriod(TrainingJob job) {
    CheckpointSpec checkpoint = job.getSpec().checkpoint();
    if (checkpoint == null) {
      return Duration.ofSeconds(PLAIN_GRACE_SECONDS);
    }
    Integer grace = checkpoint.gracePeriodSeconds();
    return Duration.ofSeconds(grace == null ? CHECKPOINT_GRACE_SECONDS : grace);
  }

  /** How long a running job may be silent. */
  public static Duration progressDeadline(TrainingJob job) {
    Integer seconds = job.getSpec().progressDeadlineSeconds();
    return Duration.ofSeconds(seconds == null ? PROGRESS_DEADLINE_SECONDS : seconds);
  }

  public static int priority(TrainingJob job) {
    Integer priority = job.getSpec().priority();
    return priority == null ? 0 : priority;
  }

  /** Accelerators that all workers hold together; a slice or a share counts as one. */
  public static int accelerators(TrainingJob job) {
    Accelerator accelerator = job.getSpec().template().accelerator();
    if (accelerator == null) {
      return workers(job) * inLimits(job.getSpec().template().resources());
    }
    return workers(job) * (accelerator.count() == null ? 1 : accelerator.count());
  }

  /** The same for accounting, where a share of a device is a fraction. */
  static double devices(TrainingJob job) {
    Accelerator accelerator = job.getSpec().template().accelerator();
    return accelerator == null || accelerator.sharedFraction() == null
        ? accelerators(job)
        : workers(job) * accelerator.sharedFraction().getNumericalAmount().doubleValue();
  }

  private static int inLimits(@Nullable ResourceQuantities resources) {
    return resources == null || resources.limits() == null
        ? 0
        : resources.limits().entrySet().stream()
            .filter(limit -> limit.getKey().matches(".*/(gpu|mig-.*|xe|i915)"))
            .mapToInt(limit -> limit.getValue().getNumericalAmount().intValue())
            .sum();
  }
}
