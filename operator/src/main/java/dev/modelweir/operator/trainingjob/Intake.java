package dev.modelweir.operator.trainingjob;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes new trainings in, a few at a time. The first look at a training writes all that it needs;
 * when many come at once, those writes would stand before what there is to tell of the trainings
 * that run.
 *
 * <p>Who finds no place waits, and is called when it has one: the highest priority first, then the
 * oldest. While somebody waits, no place is free. Who was called holds its place until it leaves,
 * so each one that comes in must leave, and one that is deleted must be forgotten. Nothing needs to
 * outlive the process: after a restart all that are new come anew.
 *
 * <p>Safe for use by several threads. None holds a lock of this while it calls.
 */
final class Intake {

  private static final Comparator<Waiting> IN_ORDER =
      Comparator.comparing(Waiting::priority, Comparator.reverseOrder())
          .thenComparing(Waiting::created)
          .thenComparing(Waiting::arrival);

  private final int places;
  private final Predicate<String> call;
  private final Set<String> inside = new HashSet<>();
  private final TreeSet<Waiting> waiting = new TreeSet<>(IN_ORDER);
  private final Map<String, Waiting> byId = new HashMap<>();
  private long arrivals;

  private record Waiting(String id, int priority, Instant created, long arrival) {}

  /**
   * @param places number of trainings that may be inside at a time
   * @param call makes a training come again and tells whether it will; false for one that is gone
   */
  Intake(int places, Predicate<String> call) {
    this.places = places;
    this.call = call;
  }

  /**
   * Whether the training may be taken in now. If so it must leave in the end; if not it is called.
   *
   * @param created when the training was created
   */
  synchronized boolean enter(String id, int priority, Instant created) {
    if (inside.contains(id)) {
      return true;
    }
    if (inside.size() < places) {
      inside.add(id);
      return true;
    }
    Waiting before = remove(id);
    Waiting now =
        new Waiting(id, priority, created, before == null ? arrivals++ : before.arrival());
    byId.put(id, now);
    waiting.add(now);
    return false;
  }

  /** Gives its place, if it has one, to the next. */
  void leave(String id) {
    if (giveBack(id)) {
      fill();
    }
  }

  /** It is gone, and neither waits any more nor has a place. */
  void forget(String id) {
    synchronized (this) {
      remove(id);
    }
    leave(id);
  }

  /** Number of those that wait and come before this one. */
  synchronized int before(String id) {
    Waiting known = byId.get(id);
    return known == null ? 0 : waiting.headSet(known).size();
  }

  /** Number of those that wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  private void fill() {
    for (Optional<String> next = next(); next.isPresent(); next = next()) {
      // One that is deleted after it was called is forgotten by whoever sees that.
      if (!call.test(next.get())) {
        giveBack(next.get());
      }
    }
  }

  private synchronized Optional<String> next() {
    if (inside.size() >= places || waiting.isEmpty()) {
      return Optional.empty();
    }
    String id = waiting.first().id();
    remove(id);
    inside.add(id);
    return Optional.of(id);
  }

  private synchronized boolean giveBack(String id) {
    return inside.remove(id);
  }

  private @Nullable Waiting remove(String id) {
    Waiting known = byId.remove(id);
    if (known != null) {
      waiting.remove(known);
    }
    return known;
  }
}
