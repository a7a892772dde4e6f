package dev.modelweir.server.schedule;

import dev.modelweir.server.engine.ort.RunControl;
import java.util.List;

/** Jobs that are computed together; the fields are guarded by the batcher's lock. */
final class Run {
  final List<Job> jobs;
  private final RunControl control;
  private int waiting;
  private boolean over;

  Run(List<Job> jobs, RunControl control) {
    this.jobs = jobs;
    this.control = control;
    this.waiting = jobs.size();
  }

  int rows() {
    return jobs.stream().mapToInt(job -> job.rows).sum();
  }

  /** One of the jobs has no reader any more; the last one that leaves ends the run. */
  void left() {
    waiting--;
    if (waiting == 0 && !over) {
      control.terminate();
    }
  }

  /** From now on ending the run would hit the next one. */
  void finished() {
    over = true;
    if (waiting == 0) {
      control.reset();
    }
  }
}
