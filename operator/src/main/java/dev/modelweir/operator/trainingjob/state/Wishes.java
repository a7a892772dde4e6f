package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.Accelerator;
import dev.modelweir.api.v1alpha1.CheckpointSpec;
import dev.modelweir.api.v1alpha1.ResourceQuantities;
import dev.modelweir.api.v1alpha1.Retries;
import dev.modelweir.api.v1alpha1.SchedulingSpec;
import dev.modelweir.api.v1alpha1.TrainingJob;
import java.time.Duration;
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

  public static Duration gangTimeout(TrainingJob job) {
    SchedulingSpec scheduling = job.getSpec().scheduling();
    return Duration.ofSeconds(
        scheduling == null || scheduling.gangTimeoutSeconds() == null
            ? GANG_TIMEOUT_SECONDS
            : scheduling.gangTimeoutSeconds());
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

  private static int inLimits(@Nullable ResourceQuantities resources) {
    return resources == null || resources.limits() == null
        ? 0
        : resources.limits().entrySet().stream()
            .filter(limit -> limit.getKey().matches(".*/(gpu|mig-.*|xe|i915)"))
            .mapToInt(limit -> limit.getValue().getNumericalAmount().intValue())
            .sum();
  }
}
