package dev.modelweir.protocol.grpc;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferenceException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A place in a message in protobuf's wire format. Every length is checked against what encloses it.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers: Encoding</a>
 */
final class WireReader {
  /** Wire types: the lowest three bits of a tag. */
  static final int VARINT = 0;

  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private int position;
  private int end;

  WireReader(Bytes message) {
    this.bytes = message.array();
    this.end = message.length();
  }

  boolean hasMore() {
    return position < end;
  }

  int position() {
    return position;
  }

  int end() {
    return end;
  }

  /** Goes on reading elsewhere in the same message. */
  void move(int position, int end) {
    this.position = position;
    this.end = end;
  }

  /** The next field's number and wire type. */
  int tag() {
    long tag = varint();
    if (tag >>> 3 == 0 || tag >>> Integer.SIZE != 0) {
      throw malformed("has no valid field number");
    }
    return (int) tag;
  }

  static int field(int tag) {
    return tag >>> 3;
  }

  static int wireType(int tag) {
    return tag & 7;
  }

  /** Refuses a field that is written in another way than its type is. */
  void expect(int tag, int wireType) {
    if (wireType(tag) != wireType) {
      throw malformed(
          "has field %d with wire type %d instead of %d"
              .formatted(field(tag), wireType(tag), wireType));
    }
  }

  long varint() {
    if (position < end && bytes[position] >= 0) {
      return bytes[position++];
    }
    return longVarint();
  }

  private long longVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (position == end) {
        throw truncated();
      }
      byte next = bytes[position++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("has a number of more than ten bytes");
  }

  int fixed32() {
    int at = advance(Integer.BYTES);
    return (int) INTS.get(bytes, at);
  }

  long fixed64() {
    int at = advance(Long.BYTES);
    return (long) LONGS.get(bytes, at);
  }

  /** The length of what follows, which is there. */
  int length() {
    long length = varint();
    if (length < 0 || length > end - position) {
      throw malformed(
          "has a length of %s where %d bytes are left"
              .formatted(Long.toUnsignedString(length), end - position));
    }
    return (int) length;
  }

  /** Narrows what is read to the field that begins here; see {@link #leave}. */
  int enter() {
    int enclosing = end;
    int length = length();
    end = position + length;
    return enclosing;
  }

  /** Widens it again, to what {@link #enter} returned. */
  void leave(int enclosing) {
    end = enclosing;
  }

  String string() {
    int length = length();
    int at = advance(length);
    for (int i = at; i < at + length; i++) {
      if (bytes[i] < 0) {
        return utf8(at, length);
      }
    }
    return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
  }

  private String utf8(int at, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, at, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("has text that is not UTF-8");
    }
  }

  /** Copies what comes next. */
  void copy(int length, ByteBuffer target) {
    int at = advance(length);
    target.put(bytes, at, length);
  }

  /** Which of these texts comes next; -1, without reading it, for another one. */
  int oneOf(byte[][] texts) {
    int start = position;
    int length = length();
    for (int i = 0; i < texts.length; i++) {
      if (Arrays.equals(bytes, position, position + length, texts[i], 0, texts[i].length)) {
        position += length;
        return i;
      }
    }
    position = start;
    return -1;
  }

  /** Leaves out a field that nobody asked for, or is read later. */
  void skip(int tag) {
    switch (wireType(tag)) {
      case VARINT -> varint();
      case FIXED64 -> advance(Long.BYTES);
      case FIXED32 -> advance(Integer.BYTES);
      case LENGTH -> advance(length());
      default ->
          throw malformed("has field %d with wire type %d".formatted(field(tag), wireType(tag)));
    }
  }

  private int advance(int length) {
    int at = position;
    if (length > end - at) {
      throw truncated();
    }
    position = at + length;
    return at;
  }

  private InferenceException truncated() {
    return malformed("ends in the middle of a field");
  }

  private InferenceException malformed(String what) {
    return invalid("the message is not a ModelInferRequest: it %s, at byte %d", what, position);
  }
}
