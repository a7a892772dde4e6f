package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.BoolBytes;
import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The tensors that follow the JSON as bytes, one after the other; used once per request. They are
 * little-endian, as are the machines that ONNX Runtime is built for, so that they can be copied as
 * they are.
 */
final class BinaryTail {
  static {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalStateException("this machine is not little-endian");
    }
  }

  private final byte[] body;
  private final int begin;
  private final int end;
  private int at;

  /**
   * @param begin where the JSON ends
   */
  BinaryTail(Bytes body, int begin) {
    this.body = body.array();
    this.begin = begin;
    this.end = body.length();
    this.at = begin;
  }

  /**
   * Takes the next tensor's bytes. Their copy lies where the engine can use it, which the body does
   * not.
   *
   * @param name of the input, for messages
   * @param size as the request gives it
   */
  ByteBuffer take(String name, DataType type, Shape shape, long size, TensorAllocator allocator) {
    int left = end - at;
    if (size > left) {
      throw invalid(
          "input \"%s\": binary_data_size is %d, but only %d of the %d bytes behind the JSON are"
              + " left for it",
          name, size, left, end - begin);
    }
    // The shortest element is an empty one of BYTES, or a single byte.
    long elements = Extent.elements(name, shape, left, end);
    if (type == DataType.BYTES) {
      checkStrings(name, shape, elements, (int) size);
    } else if (elements * type.size() != size) {
      throw invalid(
          "input \"%s\": binary_data_size is %d, but shape %s of datatype %s takes %d bytes",
          name, size, shape, type, elements * type.size());
    }
    ByteBuffer data = allocator.allocate((int) size).put(body, at, (int) size).flip();
    if (type == DataType.BOOL) {
      BoolBytes.check(name, data);
    }
    at += (int) size;
    return data;
  }

  /** Checks that nothing is left over. */
  void finish() {
    if (at < end) {
      throw invalid(
          "%d bytes follow the JSON, but the inputs' binary_data_size add up to %d",
          end - begin, at - begin);
    }
  }

  private void checkStrings(String name, Shape shape, long elements, int size) {
    ByteBuffer strings = ByteBuffer.wrap(body, at, size).order(ByteOrder.LITTLE_ENDIAN);
    long count = 0;
    for (; strings.hasRemaining(); count++) {
      if (strings.remaining() < Integer.BYTES) {
        throw invalid("input \"%s\": the data ends within the length of element %d", name, count);
      }
      int length = strings.getInt();
      if (length < 0 || length > strings.remaining()) {
        throw invalid(
            "input \"%s\": element %d should be %d bytes long, but only %d are left",
            name, count, Integer.toUnsignedLong(length), strings.remaining());
      }
      strings.position(strings.position() + length);
    }
    if (count != elements) {
      throw invalid(
          "input \"%s\": the data holds %d elements, not the %d of shape %s",
          name, count, elements, shape);
    }
  }
}
