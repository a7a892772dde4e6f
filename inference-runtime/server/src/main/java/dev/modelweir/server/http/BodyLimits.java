package dev.modelweir.server.http;

import dev.modelweir.protocol.Bytes;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How much of requests and answers may be in memory: per request, and of all requests together from
 * their first byte until they are decoded, so that many large uploads cannot exhaust the heap, nor
 * clients that do not read what they asked for. What requests are decoded to counts against the
 * {@link dev.modelweir.server.engine.TensorBudget}.
 */
public final class BodyLimits {
  /** Why a request finds no room, for its client. */
  public static final String NO_ROOM = "too many large requests at once; try again later";

  /** Why an answer finds none. */
  public static final String NOT_READ =
      "too many answers wait for their clients to read them; try again later";

  /** Arrays up to this length cost next to nothing. */
  private static final int WORTH_KEEPING = 64 * 1024;

  /** Answers up to this length leave at once, into the buffers of the connection. */
  private static final int WORTH_COUNTING = 16 * 1024;

  private static final long MOST_IDLE = 64 * 1024 * 1024;

  private final long perRequest;
  private final long together;
  private final AtomicLong held = new AtomicLong();

  /** Apart from requests, which clients that do not read shall not keep out. */
  private final AtomicLong answers = new AtomicLong();

  private final SpareArrays spares;

  /** In bytes. */
  public BodyLimits(long perRequest, long together) {
    this.perRequest = perRequest;
    this.together = together;
    this.spares = new SpareArrays(Math.min(MOST_IDLE, together / 4));
  }

  /** Together, requests may take a quarter of the heap. */
  public static BodyLimits of(long perRequest) {
    long quarterOfHeap = Runtime.getRuntime().maxMemory() / 4;
    return new BodyLimits(perRequest, Math.max(perRequest, quarterOfHeap));
  }

  public long perRequest() {
    return perRequest;
  }

  /** Bytes that all requests may have. */
  long together() {
    return together;
  }

  /** Bytes that count at the moment. */
  public long held() {
    return held.get();
  }

  /** Whether there is still room for so many bytes, which then count until given back. */
  public boolean take(long bytes) {
    if (held.addAndGet(bytes) <= together) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /**
   * Sends an answer, which counts until its client has read it: all together may take as much as
   * requests. One by itself may be as large as it is, as there is nothing to wait for.
   *
   * @param sending called unless there is no room; resolves when nothing of it is here any more
   * @return whether it was called
   */
  public boolean answer(int bytes, Supplier<Future<Void>> sending) {
    if (bytes <= WORTH_COUNTING) {
      var _ = sending.get();
      return true;
    }
    long before = answers.getAndAdd(bytes);
    if (before > 0 && before + bytes > together) {
      answers.addAndGet(-bytes);
      return false;
    }
    Future<Void> sent = Future.failedFuture("not sent");
    try {
      sent = sending.get();
    } finally {
      sent.onComplete(gone -> answers.addAndGet(-bytes));
    }
    return true;
  }

  public void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  /**
   * Takes a longer array instead of one, which counts as long as it is, with the same beginning.
   *
   * @param used bytes at the beginning
   * @param needed bytes, no more than one request may have
   * @return null when there is no room, in which case nothing has changed
   */
  byte @Nullable [] exchange(byte[] array, int used, int needed) {
    int length = needed > WORTH_KEEPING ? rounded(needed) : needed;
    if (!take(length - array.length)) {
      return null;
    }
    byte[] spare = spares.take(length);
    byte[] longer;
    try {
      longer = spare == null ? new byte[length] : spare;
    } catch (OutOfMemoryError e) {
      // Others took what this class does not count; the request is refused like any without room.
      giveBack(length - array.length);
      return null;
    }
    System.arraycopy(array, 0, longer, 0, used);
    keep(array);
    return longer;
  }

  /** One of few lengths, up to an eighth more, as bodies are seldom of the very same length. */
  private int rounded(int needed) {
    long step = Integer.highestOneBit(needed) / 8;
    return (int) Math.min((needed + step - 1) / step * step, perRequest);
  }

  /** Gives back an array that was taken by {@link #exchange}. */
  void giveBack(byte[] array) {
    giveBack(array.length);
    keep(array);
  }

  private void keep(byte[] array) {
    if (array.length > WORTH_KEEPING) {
      spares.add(array);
    }
  }

  /** A complete body, which counts against the limits until closed; is then gone. */
  public static final class Received implements AutoCloseable {
    private final BodyLimits limits;
    private final int length;
    private final AtomicReference<byte @Nullable []> array;

    Received(BodyLimits limits, byte[] array, int length) {
      this.limits = limits;
      this.length = length;
      this.array = new AtomicReference<>(array);
    }

    /** How many bytes it has. */
    public int length() {
      return length;
    }

    /** What must not be looked at once this is closed: another body may be there by then. */
    public Bytes bytes() {
      byte[] open = array.get();
      if (open == null) {
        throw new IllegalStateException("the body is closed");
      }
      return new Bytes(open, length);
    }

    public BodyLimits limits() {
      return limits;
    }

    @Override
    public void close() {
      byte[] open = array.getAndSet(null);
      if (open != null) {
        limits.giveBack(open);
      }
    }
  }
}
