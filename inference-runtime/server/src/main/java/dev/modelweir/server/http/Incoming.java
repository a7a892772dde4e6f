package dev.modelweir.server.http;

import io.vertx.core.buffer.Buffer;

/**
 * The bytes of one request as they come, counted against the limits. Room for them grows with what
 * has come, not with what was announced. Lives on one event loop.
 */
public final class Incoming {
  private static final int UNANNOUNCED = 8 * 1024;

  /** Times what has come is made room for when the client said how much comes: one move will do. */
  private static final int GROWTH = 16;

  /** The same when it did not, so that what is taken in vain is never more than what came. */
  private static final int UNANNOUNCED_GROWTH = 2;

  private static final byte[] NONE = {};

  private final BodyLimits limits;
  private final long announced;
  private final int trusted;
  private byte[] bytes = NONE;
  private int length;

  /**
   * @param announced bytes that the client says will come; 0 when it does not say
   * @param trusted bytes that are given on trust in that; the rest only for what has really come
   */
  public Incoming(BodyLimits limits, long announced, int trusted) {
    this.limits = limits;
    this.announced = announced;
    this.trusted = trusted;
  }

  /** How many have come. */
  public int length() {
    return length;
  }

  /**
   * Adds a piece of a buffer, with which they are not more than one request may have.
   *
   * @return false, with nothing added, when there is no memory for more
   */
  public boolean add(Buffer part, int from, int count) {
    if (!madeRoomFor(length + count)) {
      return false;
    }
    part.getBytes(from, from + count, bytes, length);
    length += count;
    return true;
  }

  private boolean madeRoomFor(int needed) {
    if (needed <= bytes.length) {
      return true;
    }
    boolean foreseen = announced >= needed;
    long first = announced > 0 ? Math.min(announced, trusted) : UNANNOUNCED;
    long grown = (long) bytes.length * (foreseen ? GROWTH : UNANNOUNCED_GROWTH);
    long most = foreseen ? Math.min(announced, limits.perRequest()) : limits.perRequest();
    long size = Math.min(Math.max(needed, Math.max(first, grown)), most);
    byte[] longer = limits.exchange(bytes, length, (int) size);
    if (longer == null) {
      return false;
    }
    bytes = longer;
    return true;
  }

  /** All of them, which are no longer here; they count against the limits until that is closed. */
  public BodyLimits.Received received() {
    BodyLimits.Received whole = new BodyLimits.Received(limits, bytes, length);
    bytes = NONE;
    length = 0;
    return whole;
  }

  /** Forgets what has come. */
  public void release() {
    limits.giveBack(bytes);
    bytes = NONE;
    length = 0;
  }
}
