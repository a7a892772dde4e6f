package dev.modelweir.server.schedule;

import dev.modelweir.protocol.InferenceException.Code;
import java.util.Optional;

/**
 * Decides whether a request is worth being taken, from what is ahead of it. A server that is asked
 * for more than it can compute keeps its promises only if what it will not answer costs it next to
 * nothing, so this is asked first when a request's head has come, and again before its content is
 * read.
 *
 * @param instances runs at the same time
 * @param threads that read large requests, and compute
 */
record Admission(QueuePolicy policy, Profile profile, int instances, int threads) {
  /**
   * What comes first.
   *
   * @param requests that wait for a run
   * @param rows of theirs
   * @param unread requests that wait for a thread that reads them
   * @param readingNanos time of one thread that reading those takes
   * @param busy whether all instances compute
   */
  record Ahead(int requests, int rows, int unread, long readingNanos, boolean busy) {}

  /**
   * @param rows of the request; 1 before it is read
   * @param readingNanos time that reading it takes; 0 when it was read
   * @param most rows in one run
   * @param deadline by {@link System#nanoTime}, or {@link Arrival#NEVER}
   * @return OVERLOADED when there is no place left, TOO_LATE when the answer would come after the
   *     deadline
   */
  Optional<Code> refusal(
      Ahead ahead, int rows, long readingNanos, int most, long deadline, long now) {
    if (ahead.requests + ahead.unread >= policy.maxQueueSize()) {
      return Optional.of(Code.OVERLOADED);
    }
    if (deadline == Arrival.NEVER) {
      return Optional.empty();
    }
    long expected = expectedNanos(ahead, rows, readingNanos, most);
    return now + expected - deadline > 0 ? Optional.of(Code.TOO_LATE) : Optional.empty();
  }

  /** How long it will probably take until a request that came last is computed. */
  long expectedNanos(Ahead ahead, int rows, long readingNanos, int most) {
    long reading = ahead.readingNanos / threads + readingNanos;
    int waiting = ahead.rows + ahead.unread;
    int before = waiting + (ahead.busy ? most / 2 + 1 : 0);
    if (before == 0) {
      return reading + profile.nanos(rows);
    }
    double runs = before / (double) most;
    long each = profile.nanos(Math.min(most, before));
    // Those that wait as well share its run.
    long own = profile.nanos(Math.max(rows, Math.min(most, waiting + rows)));
    return reading + (long) (runs * each / instances) + own;
  }
}
