package dev.modelweir.operator.progress.report;

import dev.modelweir.api.v1alpha1.TrainingProgress;
import org.jspecify.annotations.Nullable;

/**
 * Progress in one word, for people. Whoever writes it asks here, so that the reconciler and the
 * endpoint never correct each other.
 */
public final class ProgressSummary {

  private ProgressSummary() {}

  /** The share that is done, else the step; null when neither was reported. */
  public static @Nullable String of(@Nullable TrainingProgress progress) {
    if (progress == null) {
      return null;
    }
    if (progress.percent() != null) {
      return progress.percent() + "%";
    }
    return progress.step() == null ? null : "step " + progress.step();
  }
}
