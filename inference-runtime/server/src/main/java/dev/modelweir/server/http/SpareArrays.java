package dev.modelweir.server.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Arrays in which bodies were, for the next ones: to clear a new one costs about as much as to fill
 * it, and the garbage collector moves those that are in use. What was in them is still there.
 */
final class SpareArrays {
  private static final int MOST = 64;

  /** As many as are looked through, the last one that was given back first. */
  private final Deque<byte[]> idle = new ArrayDeque<>();

  private final long mostBytes;
  private long bytes;

  /**
   * @param mostBytes that may lie idle
   */
  SpareArrays(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** One of that length, or null when there is none. */
  synchronized byte @Nullable [] take(int length) {
    Iterator<byte[]> each = idle.iterator();
    while (each.hasNext()) {
      byte[] one = each.next();
      if (one.length == length) {
        each.remove();
        bytes -= one.length;
        return one;
      }
    }
    return null;
  }

  /**
   * Keeps an array that nobody uses any more, and lets go of the oldest when there are too many.
   */
  synchronized void add(byte[] array) {
    idle.addFirst(array);
    bytes += array.length;
    while (idle.size() > MOST || bytes > mostBytes) {
      bytes -= idle.removeLast().length;
    }
  }
}
