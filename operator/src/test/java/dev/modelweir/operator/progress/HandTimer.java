package dev.modelweir.operator.progress;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes only when a test says so; what is due runs on the thread of the test. */
final class HandTimer implements Timer, InstantSource {

  private final List<Task> tasks = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-29T12:00:00Z");

  private record Task(Instant due, Runnable run) {}

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public void after(Duration delay, Runnable task) {
    tasks.add(new Task(now.plus(delay), task));
  }

  /** Runs what is due now. */
  void run() {
    pass(Duration.ZERO);
  }

  void pass(Duration time) {
    Instant end = now.plus(time);
    while (true) {
      var next =
          tasks.stream()
              .filter(task -> !task.due.isAfter(end))
              .min(Comparator.comparing(Task::due));
      if (next.isEmpty()) {
        now = end;
        return;
      }
      tasks.remove(next.get());
      now = next.get().due.isAfter(now) ? next.get().due : now;
      next.get().run.run();
    }
  }

  /** How much is scheduled. */
  int waiting() {
    return tasks.size();
  }
}
