package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.fetch.Source.Item;
import dev.modelweir.server.fetch.Source.Opened;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.util.Objects;

/**
 * An item as one uninterrupted stream: when the connection breaks, it opens another from the same
 * place. Bytes of two different versions are never mixed; when the content has changed or cannot be
 * told from changed, reading ends with {@link Restart}.
 */
final class ResumingStream extends InputStream {
  private final String what;
  private final Item item;
  private final Retries retries;
  private Opened current;
  private long position;
  private int failuresWithoutProgress;

  private ResumingStream(String what, Item item, Retries retries, Opened first) {
    this.what = what;
    this.item = item;
    this.retries = retries;
    this.current = first;
  }

  static ResumingStream open(String what, Item item, Retries retries)
      throws ExitException, IOException {
    Opened first = retries.call(what, () -> item.opener().open(0, null));
    return new ResumingStream(what, item, retries.patient(), first);
  }

  /** Bytes in all, or -1 when unknown. */
  long size() {
    return current.size();
  }

  boolean gzip() {
    return current.gzip();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    while (true) {
      try {
        int count = current.body().read(buffer, offset, length);
        if (count < 0 && position < current.size()) {
          throw new EOFException(
              "the connection ended after %d of %d bytes".formatted(position, current.size()));
        }
        if (count > 0) {
          position += count;
          failuresWithoutProgress = 0;
        }
        return count;
      } catch (IOException e) {
        reopen(e);
      }
    }
  }

  private void reopen(IOException failure) throws IOException {
    close();
    try {
      retries.afterFailure(what, ++failuresWithoutProgress, failure);
      Opened next = retries.call(what, () -> item.opener().open(position, current.validator()));
      if (next.validator() == null || !Objects.equals(next.validator(), current.validator())) {
        next.body().close();
        throw new Restart();
      }
      next.body().skipNBytes(position - next.offset());
      current = next;
    } catch (ExitException e) {
      throw new Ended(e);
    }
  }

  @Override
  public void close() {
    try {
      current.body().close();
    } catch (IOException e) {
      // The connection is being given up: how it ends does not matter.
    }
  }

  /** What was read so far is worthless; the item must be read again from its start. */
  static final class Restart extends IOException {
    @Serial private static final long serialVersionUID = 1;

    Restart() {
      super("the connection broke and the source cannot continue the same content");
    }
  }

  /** Carries a final failure through code that knows only streams. */
  static final class Ended extends IOException {
    @Serial private static final long serialVersionUID = 1;

    private final ExitException reason;

    Ended(ExitException reason) {
      super(reason);
      this.reason = reason;
    }

    ExitException reason() {
      return reason;
    }
  }
}
