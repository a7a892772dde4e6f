package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;

/** Reads strings as their UTF-8. */
final class BytesReader extends ElementReader {
  /** Room per element to begin with: its length and a short word. */
  static final int USUAL = 16;

  private final TensorAllocator allocator;
  private byte[] unescaped = new byte[0];
  private int count;

  BytesReader(JsonScanner json, String name, ByteBuffer data, TensorAllocator allocator) {
    super(json, name, DataType.BYTES, data);
    this.allocator = allocator;
  }

  @Override
  int count() {
    return count;
  }

  @Override
  void read() {
    int at = json.position();
    if (json.peek() != '"') {
      throw wrong(at, "a string");
    }
    JsonString string = json.string();
    if (string.hasHalfPair()) {
      throw invalid("input \"%s\": element %d holds half a surrogate pair", name, count);
    }
    int length = string.end() - string.start();
    if (string.isEscaped()) {
      if (unescaped.length < length) {
        unescaped = new byte[length];
      }
      put(unescaped, 0, string.unescape(unescaped));
    } else {
      put(json.body(), string.start(), length);
    }
    count++;
  }

  private void put(byte[] text, int from, int length) {
    int needed = Integer.BYTES + length;
    if (data.remaining() < needed) {
      long doubled = Math.max(2L * data.limit(), (long) data.position() + needed);
      data = allocator.allocate(bytes(name, doubled)).put(data.flip());
    }
    data.putInt(length).put(text, from, length);
  }
}
