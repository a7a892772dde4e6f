package dev.modelweir.protocol.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes protobuf's wire format into an array that has room for it; the sizes are known before. */
final class WireWriter {
  private final byte[] bytes;
  private int position;

  WireWriter(byte[] bytes, int start) {
    this.bytes = bytes;
    this.position = start;
  }

  /** Bytes of a number that is unsigned, or as long as it can be when negative. */
  static int size(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

  /** Bytes of a field with so much content; field numbers here are below 16. */
  static long fieldSize(long content) {
    return 1 + size(content) + content;
  }

  /** Bytes of a text field; none for an empty one, which is what an absent one means. */
  static long fieldSize(String text) {
    return text.isEmpty() ? 0 : fieldSize(utf8Length(text));
  }

  private static int utf8Length(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return text.length();
  }

  void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
  }

  /** The beginning of a field that has so many bytes. */
  void field(int number, long length) {
    varint(number << 3 | WireReader.LENGTH);
    varint(length);
  }

  void text(int number, String text) {
    if (text.isEmpty()) {
      return;
    }
    int length = utf8Length(text);
    field(number, length);
    if (length == text.length()) {
      for (int i = 0; i < length; i++) {
        bytes[position++] = (byte) text.charAt(i);
      }
    } else {
      copy(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  void bool(int number, boolean value) {
    varint(number << 3 | WireReader.VARINT);
    varint(value ? 1 : 0);
  }

  /** All that the buffer has, which stays as it is. */
  void copy(ByteBuffer data) {
    copy(data, data.position(), data.remaining());
  }

  void copy(ByteBuffer data, int from, int length) {
    data.get(from, bytes, position, length);
    position += length;
  }
}
