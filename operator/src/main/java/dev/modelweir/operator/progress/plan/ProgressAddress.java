package dev.modelweir.operator.progress.plan;

import java.util.Optional;

/** Knows where pods report their progress to. */
@FunctionalInterface
public interface ProgressAddress {

  /** Empty when there is no such place, or not yet. */
  Optional<ProgressTarget> target();

  /** Whether there will be one within moments, which a pod that is made now could not know of. */
  default boolean isOpening() {
    return false;
  }

  /**
   * Writes to the status of a job at once what its workers have reported to this process and what
   * still waits for its turn; tells whether anything was written.
   *
   * @param uid of the job
   */
  default boolean flush(String uid) {
    return false;
  }
}
