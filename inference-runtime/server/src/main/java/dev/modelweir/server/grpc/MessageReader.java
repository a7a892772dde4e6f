package dev.modelweir.server.grpc;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.server.http.BodyLimits;
import dev.modelweir.server.http.Codings;
import dev.modelweir.server.http.Incoming;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Cuts what arrives into messages, within the limits; lives on the call's event loop. */
final class MessageReader {
  /** Less than a body gets: a connection may have very many calls. */
  private static final int TRUSTED = 64 * 1024;

  private final BodyLimits limits;
  private final Codings coding;
  private final Receiver receiver;

  private final byte[] prefix = new byte[Wire.PREFIX];
  private int prefixed;
  private int length;
  private @Nullable Incoming message;

  /** What has arrived and is not read yet. */
  private @Nullable Buffer part;

  private int offset;
  private boolean reading;
  private boolean over;

  /** Takes the messages. */
  interface Receiver {
    /** Whether another message would be welcome now; see {@link #more}. */
    boolean ready();

    /** A whole message. */
    void message(Message message);

    /** Nothing more is read. */
    void refused(Status status, String why);
  }

  /**
   * A whole message, which counts against the limits until closed.
   *
   * @param coding in which its bytes are
   */
  record Message(BodyLimits.Received body, Codings coding) implements AutoCloseable {
    int length() {
      return body.length();
    }

    /** The message as it was before it was compressed; gone once this is closed. */
    Bytes plain() {
      return coding.decode(body.bytes(), body.limits().perRequest());
    }

    @Override
    public void close() {
      body.close();
    }
  }

  /**
   * @param coding of the messages that are marked as compressed
   */
  MessageReader(BodyLimits limits, Codings coding, Receiver receiver) {
    this.limits = limits;
    this.coding = coding;
    this.receiver = receiver;
  }

  /** Takes what comes next; to be called only after {@link #more} has read what came before. */
  void part(Buffer next) {
    if (over) {
      return;
    }
    part = next;
    offset = 0;
    more();
  }

  /**
   * Goes on reading while the receiver is ready. Does nothing when the receiver calls it with a
   * message in its hands: many small messages would otherwise exhaust the stack.
   *
   * @return whether all that has arrived is read
   */
  boolean more() {
    if (reading) {
      return false;
    }
    reading = true;
    try {
      while (part != null && !over && receiver.ready()) {
        step(part);
        if (part != null && offset == part.length()) {
          part = null;
        }
      }
    } finally {
      reading = false;
    }
    return part == null;
  }

  /** Everything has arrived; false when it ended within a message. */
  boolean complete() {
    return prefixed == 0;
  }

  /** Reads nothing more, and forgets what is there of a message. */
  void close() {
    over = true;
    part = null;
    if (message != null) {
      message.release();
      message = null;
    }
  }

  private void step(Buffer from) {
    while (prefixed < Wire.PREFIX) {
      if (offset == from.length()) {
        return;
      }
      prefix[prefixed++] = from.getByte(offset++);
      if (prefixed == Wire.PREFIX && !begin()) {
        return;
      }
    }
    Incoming incoming = message;
    if (incoming != null && fill(incoming, from) && incoming.length() == length) {
      deliver(incoming);
    }
  }

  /** The prefix is there; false when its message is refused. */
  private boolean begin() {
    long announced = Integer.toUnsignedLong(ByteBuffer.wrap(prefix).getInt(1));
    if (prefix[0] < 0 || prefix[0] > 1 || (prefix[0] == 1 && coding == Codings.IDENTITY)) {
      return refuse(
          Status.INVALID_ARGUMENT,
          "a message is marked with %d; without grpc-encoding it must be 0".formatted(prefix[0]));
    }
    if (announced > limits.perRequest()) {
      return refuse(
          Status.RESOURCE_EXHAUSTED,
          "a message of %d bytes is larger than the limit of %d (MODELWEIR_MAX_BODY_SIZE)"
              .formatted(announced, limits.perRequest()));
    }
    length = (int) announced;
    message = new Incoming(limits, announced, TRUSTED);
    return true;
  }

  /** Whether what there is of the message could be taken. */
  private boolean fill(Incoming incoming, Buffer from) {
    int count = Math.min(length - incoming.length(), from.length() - offset);
    if (!incoming.add(from, offset, count)) {
      return refuse(Status.RESOURCE_EXHAUSTED, BodyLimits.NO_ROOM);
    }
    offset += count;
    return true;
  }

  private void deliver(Incoming whole) {
    Codings how = prefix[0] == 1 ? coding : Codings.IDENTITY;
    prefixed = 0;
    message = null;
    receiver.message(new Message(whole.received(), how));
  }

  private boolean refuse(Status status, String why) {
    close();
    receiver.refused(status, why);
    return false;
  }
}
