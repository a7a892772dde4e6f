package dev.modelweir.server.schedule;

/** A request that was handed over. */
@FunctionalInterface
public interface Ticket {
  /**
   * Nobody waits for the answer any more. Work that has not begun is dropped, and a run whose
   * requests were all cancelled is ended. Does nothing after completion.
   */
  void cancel();
}
