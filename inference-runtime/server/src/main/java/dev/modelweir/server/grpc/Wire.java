package dev.modelweir.server.grpc;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.server.http.Codings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What gRPC adds to HTTP/2: the prefix of messages, and the forms of two headers.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP2</a>
 */
final class Wire {
  /** A byte that tells whether the message is compressed, and four of its length. */
  static final int PREFIX = 5;

  /** Clients refuse headers of more than 8 KiB, and encoding may triple the text. */
  private static final int LONGEST_TEXT = 1024;

  /** A smaller message would not become much smaller. */
  private static final int WORTH_CODING = 1024;

  private Wire() {}

  /**
   * Completes a message.
   *
   * @param message with room for the prefix in front of it
   * @param coding of the answers of this call
   * @return with its prefix; the array itself when nothing is compressed
   */
  static byte[] frame(byte[] message, Codings coding) {
    if (coding == Codings.IDENTITY || message.length < WORTH_CODING) {
      ByteBuffer.wrap(message).put((byte) 0).putInt(message.length - PREFIX);
      return message;
    }
    byte[] plain = new byte[message.length - PREFIX];
    System.arraycopy(message, PREFIX, plain, 0, plain.length);
    byte[] coded = coding.encode(plain);
    return ByteBuffer.allocate(PREFIX + coded.length)
        .put((byte) 1)
        .putInt(coded.length)
        .put(coded)
        .array();
  }

  /**
   * Reads the header {@code grpc-timeout}: up to eight digits and a unit.
   *
   * @return when by {@link System#nanoTime} the client stops waiting; {@link Long#MAX_VALUE} when
   *     it did not say
   * @throws InferenceException INVALID for another form
   */
  static long deadline(@Nullable String timeout, long now) {
    if (timeout == null) {
      return Long.MAX_VALUE;
    }
    int digits = timeout.length() - 1;
    if (digits < 1
        || digits > 8
        || !timeout.chars().limit(digits).allMatch(c -> c >= '0' && c <= '9')) {
      throw malformed(timeout);
    }
    TimeUnit unit =
        switch (timeout.charAt(digits)) {
          case 'H' -> TimeUnit.HOURS;
          case 'M' -> TimeUnit.MINUTES;
          case 'S' -> TimeUnit.SECONDS;
          case 'm' -> TimeUnit.MILLISECONDS;
          case 'u' -> TimeUnit.MICROSECONDS;
          case 'n' -> TimeUnit.NANOSECONDS;
          default -> throw malformed(timeout);
        };
    // Beyond a hundred years nanoTime would turn around; nobody waits as long.
    long nanos =
        Math.min(
            unit.toNanos(Long.parseLong(timeout, 0, digits, 10)), TimeUnit.DAYS.toNanos(36500));
    return now + nanos;
  }

  private static InferenceException malformed(String timeout) {
    return InferenceException.invalid(
        "grpc-timeout is \"%s\"; it must be up to eight digits and a unit, one of HMSmun",
        timeout.length() <= 16 ? timeout : timeout.substring(0, 16) + "…");
  }

  /** The form of the trailer {@code grpc-message}: UTF-8, of which ASCII stays readable. */
  static String percentEncoded(String text) {
    String bounded = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    StringBuilder encoded = new StringBuilder(bounded.length() + 16);
    for (byte next : bounded.getBytes(StandardCharsets.UTF_8)) {
      if (next >= ' ' && next <= '~' && next != '%') {
        encoded.append((char) next);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(next));
      }
    }
    return encoded.toString();
  }
}
