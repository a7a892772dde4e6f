package dev.modelweir.server.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much request data may be in memory: per request, and of all requests together from their
 * first byte until they are computed, so that many large uploads cannot exhaust the heap.
 */
record BodyLimits(long perRequest, long together, AtomicLong held) {
  static BodyLimits of(long perRequest) {
    long quarterOfHeap = Runtime.getRuntime().maxMemory() / 4;
    return new BodyLimits(perRequest, Math.max(perRequest, quarterOfHeap), new AtomicLong());
  }

  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= together) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  /** A complete body, which counts against the limits until closed. */
  record Received(byte[] bytes, BodyLimits limits) implements AutoCloseable {
    @Override
    public void close() {
      limits.giveBack(bytes.length);
    }
  }
}
