package dev.modelweir.server.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much request data may be in memory: per request, and of all requests together from their
 * first byte until they are computed, so that many large uploads cannot exhaust the heap.
 */
public record BodyLimits(long perRequest, long together, AtomicLong held) {
  /** Together, requests may take a quarter of the heap. */
  public static BodyLimits of(long perRequest) {
    long quarterOfHeap = Runtime.getRuntime().maxMemory() / 4;
    return new BodyLimits(perRequest, Math.max(perRequest, quarterOfHeap), new AtomicLong());
  }

  /** Whether there is still room for so many bytes, which then count until given back. */
  public boolean take(long bytes) {
    if (held.addAndGet(bytes) <= together) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  public void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  /** A complete body, which counts against the limits until closed. */
  public record Received(byte[] bytes, BodyLimits limits) implements AutoCloseable {
    @Override
    public void close() {
      limits.giveBack(bytes.length);
    }
  }
}
