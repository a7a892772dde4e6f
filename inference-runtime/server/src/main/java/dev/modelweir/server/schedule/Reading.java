package dev.modelweir.server.schedule;

/**
 * What waits to be read for one model, and how long reading takes, as learned from what was read.
 * Any thread may use it.
 */
final class Reading {
  /** What the sums keep of the past at each request: about the last twenty count. */
  private static final double KEPT = 0.95;

  private int requests;
  private long bytes;
  private double pastNanos;
  private double pastBytes;

  synchronized void add(int length) {
    requests++;
    bytes += length;
  }

  synchronized void remove(int length) {
    requests--;
    bytes -= length;
  }

  /** Learns from a request that was read. */
  synchronized void observe(int length, long nanos) {
    pastNanos = KEPT * pastNanos + nanos;
    pastBytes = KEPT * pastBytes + length;
  }

  /** Believes a little less in what it has learned; see {@link Profile#doubt}. */
  synchronized void doubt() {
    pastNanos *= KEPT;
  }

  synchronized int requests() {
    return requests;
  }

  /** Time of one thread for all that waits, in nanoseconds. */
  synchronized long nanos() {
    return nanos(bytes);
  }

  /** Time for so many bytes, in nanoseconds; 0 before anything was read. */
  synchronized long nanos(long length) {
    return pastBytes == 0 ? 0 : (long) (length * (pastNanos / pastBytes));
  }
}
