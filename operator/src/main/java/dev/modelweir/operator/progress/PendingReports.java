package dev.modelweir.operator.progress;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps reports until they may be written: the first of a job at once, what follows within the
 * pause in one write when the pause is over. So the last report is never lost, and a job that
 * reports all the time costs one write per pause.
 *
 * <p>A job is in the map from its first report until a pause has passed in which it said nothing;
 * as long as it is, exactly one delivery of it is on its way or scheduled.
 */
final class PendingReports {

  private static final Logger LOG = LoggerFactory.getLogger(PendingReports.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);

  private final Delivery delivery;
  private final Timer timer;
  private final InstantSource clock;
  private final Map<String, Waiting> jobs = new ConcurrentHashMap<>(); // by the UID of the job

  /** At most one update; none while the pause after a delivery runs. */
  private record Waiting(@Nullable Update update) {}

  PendingReports(Delivery delivery, Timer timer, InstantSource clock) {
    this.delivery = delivery;
    this.timer = timer;
    this.clock = clock;
  }

  /** Takes a report; returns before it is written. */
  void add(Work work, Report report) {
    Update update = Update.of(work, report, clock.instant());
    if (keep(update)) {
      timer.after(Duration.ZERO, () -> deliver(work.uid(), true));
    }
  }

  /** Delivers what waits of a job without regard for the pause; tells whether something was. */
  boolean flush(String uid) {
    Update[] taken = {null};
    // It stays in the map, for a delivery of it is scheduled.
    jobs.computeIfPresent(
        uid,
        (key, waiting) -> {
          taken[0] = waiting.update;
          return new Waiting(null);
        });
    Update update = taken[0];
    if (update == null) {
      return false;
    }
    boolean done = false;
    try {
      done = delivery.deliver(update, false).isEmpty();
    } finally {
      if (!done && putBack(uid, update)) {
        timer.after(PAUSE_AFTER_FAILURE, () -> deliver(uid, true));
      }
    }
    return done;
  }

  /** Deliveries of all that waits, without regard for the pause, for a process that ends. */
  List<Callable<Object>> last() {
    return jobs.keySet().stream()
        .map(uid -> Executors.callable(() -> deliver(uid, false)))
        .toList();
  }

  /** Whether nothing of the job was waited for, so that a delivery must be scheduled. */
  private boolean keep(Update update) {
    boolean[] first = {false};
    jobs.compute(
        update.work().uid(),
        (uid, waiting) -> {
          first[0] = waiting == null;
          return waiting == null || waiting.update == null
              ? new Waiting(update)
              : new Waiting(waiting.update.and(update));
        });
    return first[0];
  }

  private void deliver(String uid, boolean patient) {
    Update update = take(uid);
    if (update == null) {
      return;
    }
    Duration pause = Update.PAUSE;
    try {
      Optional<Duration> later = delivery.deliver(update, patient);
      if (later.isPresent()) {
        putBack(uid, update);
        pause = later.get();
      }
    } catch (RuntimeException e) { // whatever it is, the job must be heard again
      LOG.warn(
          "progress of {}/{} is not written yet: {}",
          update.work().namespace(),
          update.work().job(),
          e.toString());
      putBack(uid, update);
      pause = PAUSE_AFTER_FAILURE;
    }
    timer.after(pause, () -> deliver(uid, true));
  }

  /** The update that waits; the job is forgotten when there is none. */
  private @Nullable Update take(String uid) {
    Update[] taken = {null};
    jobs.computeIfPresent(
        uid,
        (key, waiting) -> {
          taken[0] = waiting.update;
          return waiting.update == null ? null : new Waiting(null);
        });
    return taken[0];
  }

  /** Under what came in meanwhile; tells whether the job was not there, so that nobody comes. */
  private boolean putBack(String uid, Update update) {
    boolean[] first = {false};
    jobs.compute(
        uid,
        (key, waiting) -> {
          first[0] = waiting == null;
          return new Waiting(
              waiting == null || waiting.update == null ? update : update.and(waiting.update));
        });
    return first[0];
  }
}
