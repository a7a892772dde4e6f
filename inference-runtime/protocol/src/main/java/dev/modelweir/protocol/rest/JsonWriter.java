package dev.modelweir.protocol.rest;

import dev.modelweir.protocol.InferenceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON as UTF-8 in memory that grows; punctuation is up to the caller. */
final class JsonWriter {
  /** The longest array that every JVM makes. */
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** Bytes that one escaped byte may take. */
  private static final int ESCAPE = 6;

  private byte[] bytes;
  private int length;

  JsonWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** Bytes written so far. */
  int length() {
    return length;
  }

  /** A copy of what was written, with room for so many bytes behind it. */
  byte[] toBytes(long room) {
    return Arrays.copyOf(bytes, total(room));
  }

  private int total(long more) {
    long total = length + more;
    if (total > MAX_LENGTH) {
      throw new InferenceException(
          InferenceException.Code.INTERNAL, "the answer is larger than 2 GiB");
    }
    return (int) total;
  }

  /** Makes room for the next write of at most so many bytes. */
  private void reserve(long more) {
    if (bytes.length - length < more) {
      int needed = total(more);
      long doubled = Math.min(2L * bytes.length, MAX_LENGTH);
      bytes = Arrays.copyOf(bytes, Math.max((int) doubled, needed));
    }
  }

  /** ASCII that is JSON already. */
  @SuppressWarnings("deprecation") // the only way to copy a string's bytes without allocation
  JsonWriter raw(String json) {
    reserve(json.length());
    json.getBytes(0, json.length(), bytes, length);
    length += json.length();
    return this;
  }

  JsonWriter string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    quoted(utf8);
    return this;
  }

  /**
   * Writes UTF-8 as a string, the next element of an array.
   *
   * @return whether it is UTF-8; if not, what was written is of no use
   */
  boolean elementUtf8(ByteBuffer text, int from, int count) {
    reserve(count + 3L);
    // Most text needs no escape, so that its bytes can be looked at where they must go anyway.
    text.get(from, bytes, length + 1, count);
    int end = length + 1 + count;
    int plain = plain(bytes, length + 1, end);
    if (plain < 0) {
      return false;
    }
    if (plain == end) {
      bytes[length] = '"';
      bytes[end] = '"';
      comma(end + 1);
      return true;
    }
    byte[] copy = Arrays.copyOfRange(bytes, length + 1, end);
    if (!quoted(copy)) {
      return false;
    }
    raw(",");
    return true;
  }

  private boolean quoted(byte[] utf8) {
    reserve(2);
    bytes[length++] = '"';
    int p = 0;
    while (p < utf8.length) {
      int plain = plain(utf8, p, utf8.length);
      if (plain < 0) {
        return false;
      }
      reserve((long) plain - p + ESCAPE + 1);
      System.arraycopy(utf8, p, bytes, length, plain - p);
      length += plain - p;
      if (plain < utf8.length) {
        escape(utf8[plain++]);
      }
      p = plain;
    }
    reserve(1);
    bytes[length++] = '"';
    return true;
  }

  /** Position of the first byte that must be escaped, or the end, or -1 before invalid UTF-8. */
  private static int plain(byte[] utf8, int from, int to) {
    int p = from;
    while (p < to) {
      byte b = utf8[p];
      if (b >= ' ' && b != '"' && b != '\\') {
        p++;
      } else if (b < 0) {
        int sequence = Utf8.sequence(utf8, p, to);
        if (sequence == 0) {
          return -1;
        }
        p += sequence;
      } else {
        return p;
      }
    }
    return p;
  }

  private void escape(byte b) {
    int letter =
        switch (b) {
          case '\b' -> 'b';
          case '\f' -> 'f';
          case '\n' -> 'n';
          case '\r' -> 'r';
          case '\t' -> 't';
          case '"', '\\' -> b;
          default -> 'u';
        };
    bytes[length++] = '\\';
    bytes[length++] = (byte) letter;
    if (letter == 'u') {
      bytes[length++] = '0';
      bytes[length++] = '0';
      bytes[length++] = HEX[b >> 4];
      bytes[length++] = HEX[b & 0xf];
    }
  }

  JsonWriter number(long value) {
    reserve(ShortestDecimal.ROOM);
    length = Digits.put(value, bytes, length);
    return this;
  }

  /** Writes the next element of an array, as all methods of this name prefix do. */
  void elementBool(boolean value) {
    raw(value ? "true," : "false,");
  }

  void elementSigned(long value) {
    reserve(ShortestDecimal.ROOM);
    comma(Digits.put(value, bytes, length));
  }

  void elementUnsigned(long value) {
    reserve(ShortestDecimal.ROOM);
    comma(Digits.putUnsigned(value, bytes, length));
  }

  void elementFp16(short bits) {
    reserve(ShortestDecimal.ROOM);
    comma(ShortestDecimal.fp16(bits, bytes, length));
  }

  void elementBf16(short bits) {
    reserve(ShortestDecimal.ROOM);
    comma(ShortestDecimal.bf16(bits, bytes, length));
  }

  void elementFp32(float value) {
    reserve(ShortestDecimal.ROOM);
    comma(ShortestDecimal.fp32(value, bytes, length));
  }

  void elementFp64(double value) {
    reserve(ShortestDecimal.ROOM);
    comma(ShortestDecimal.fp64(value, bytes, length));
  }

  private void comma(int end) {
    bytes[end] = ',';
    length = end + 1;
  }

  /** Closes the array of elements, of which each has written a comma behind itself. */
  JsonWriter endElements() {
    reserve(1);
    if (bytes[length - 1] == ',') {
      length--;
    }
    bytes[length++] = ']';
    return this;
  }
}
