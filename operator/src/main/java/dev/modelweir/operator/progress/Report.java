package dev.modelweir.operator.progress;

import dev.modelweir.api.v1alpha1.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a training pod said in one request. Null is what it did not say.
 *
 * @param percent done, from 0 to 100
 * @param etaSeconds until the end, as the trainer guesses
 * @param step of the optimizer, counted from the start of the job
 * @param epoch passes over the data that are complete
 * @param metrics by name, each name once
 * @param checkpointStep step of the checkpoint that has just become complete
 * @param leftOut metrics that are not kept, each with the reason, for the answer
 */
record Report(
    @Nullable Integer percent,
    @Nullable Long etaSeconds,
    @Nullable Long step,
    @Nullable Long epoch,
    List<Metric> metrics,
    @Nullable Long checkpointStep,
    List<String> leftOut) {

  /** Whether it says anything besides a checkpoint. */
  boolean saysProgress() {
    return percent != null
        || etaSeconds != null
        || step != null
        || epoch != null
        || !metrics.isEmpty();
  }
}
