package dev.modelweir.server.schedule;

/**
 * When a request came and how long its client waits, both by {@link System#nanoTime}.
 *
 * @param at its first bytes; whatever time a model grants counts from then on
 * @param deadline when the client stops waiting; {@link #NEVER} for one that did not say
 */
public record Arrival(long at, long deadline) {
  public static final long NEVER = Long.MAX_VALUE;

  /** Of a request that comes now, from a client that did not say how long it waits. */
  public static Arrival now() {
    return new Arrival(System.nanoTime(), NEVER);
  }

  /**
   * The moment until which an answer is of use.
   *
   * @param granted nanoseconds that the request has by its own or its model's word; 0 for any
   */
  public long until(long granted) {
    if (granted == 0) {
      return deadline;
    }
    long own = at + granted;
    return deadline == NEVER || deadline - own > 0 ? own : deadline;
  }
}
