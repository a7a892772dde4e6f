package dev.modelweir.operator.progress;

import java.time.Duration;

/** Runs something later, on a thread that may wait. */
@FunctionalInterface
interface Timer {

  void after(Duration delay, Runnable task);
}
