package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;

/**
 * Turns JSON values into elements of one datatype, straight into the tensor's memory; used once.
 */
abstract sealed class ElementReader permits BoolReader, BytesReader, NumberReader {
  final JsonScanner json;
  final String name;
  final DataType type;
  ByteBuffer data;

  ElementReader(JsonScanner json, String name, DataType type, ByteBuffer data) {
    this.json = json;
    this.name = name;
    this.type = type;
    this.data = data;
  }

  static ElementReader of(
      JsonScanner json, String name, DataType type, int elements, TensorAllocator allocator) {
    int each = type == DataType.BYTES ? BytesReader.USUAL : type.size();
    ByteBuffer data = allocator.allocate(bytes(name, (long) elements * each));
    return switch (type) {
      case BOOL -> new BoolReader(json, name, data);
      case BYTES -> new BytesReader(json, name, data, allocator);
      default -> new NumberReader(json, name, type, data);
    };
  }

  /**
   * Reads the elements of an array whose first is next, up to so many.
   *
   * @return how many there were, with the array left behind; or the complement of how many were
   *     read when the array goes on, be it that there are more or that the next is an array itself
   */
  int row(int most) {
    for (int i = 0; i < most; i++) {
      if (json.peek() == '[') {
        return ~i;
      }
      read();
      if (!json.nextElement()) {
        return i + 1;
      }
    }
    return ~most;
  }

  /** Reads the element that is next. */
  abstract void read();

  /** How many elements were read before the next one. */
  int count() {
    return data.position() / type.size();
  }

  /** The tensor's memory, ready to be read. */
  ByteBuffer finish() {
    return data.flip();
  }

  static int bytes(String name, long wanted) {
    if (wanted > Integer.MAX_VALUE) {
      throw invalid("input \"%s\" needs more than 2 GiB of memory", name);
    }
    return (int) wanted;
  }

  /** That the value at a position is none of the datatype's. */
  InferenceException wrong(int at, String wanted) {
    json.moveTo(at);
    return invalid(
        "input \"%s\": element %d is %s, datatype %s needs %s",
        name, count(), json.actual(), type, wanted);
  }

  /** That the number from one position to another is outside the datatype's range. */
  InferenceException outOfRange(int from, int to) {
    return invalid(
        "input \"%s\": element %d is %s, outside the range of %s",
        name, count(), json.text(from, to), type);
  }
}
