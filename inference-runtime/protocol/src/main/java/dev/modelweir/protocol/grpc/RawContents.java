package dev.modelweir.protocol.grpc;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.BoolBytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;

/** Elements that travel as the bytes they are in memory. */
final class RawContents {
  private RawContents() {}

  /**
   * Copies the contents that the reader stands before. The wire is little-endian, as is every
   * platform that ONNX Runtime's Java library exists for, so bytes are not swapped.
   */
  static ByteBuffer read(
      WireReader wire, int length, InputHead input, long elements, TensorAllocator allocator) {
    DataType type = input.type();
    if (type != DataType.BYTES && (elements > length || elements * type.size() != length)) {
      throw invalid(
          "input \"%s\" has %d bytes of raw contents, not the %d values of %s that shape %s needs",
          input.label(), length, elements, type, input.shape());
    }
    ByteBuffer data = allocator.allocate(length);
    wire.copy(length, data);
    data.flip();
    switch (type) {
      case BYTES -> check(data, input, elements);
      case BOOL -> BoolBytes.check(input.label(), data);
      default -> {}
    }
    return data;
  }

  /** Walks over the elements, each a length and so many bytes. */
  private static void check(ByteBuffer data, InputHead input, long elements) {
    int at = 0;
    long count = 0;
    while (at < data.limit()) {
      int left = data.limit() - at - Integer.BYTES;
      int length = left < 0 ? -1 : data.getInt(at);
      if (length < 0 || length > left) {
        throw invalid(
            "input \"%s\": element %d of the raw contents is longer than the %d bytes that are left",
            input.label(), count, data.limit() - at);
      }
      at += Integer.BYTES + length;
      count++;
    }
    if (count != elements) {
      throw invalid(
          "input \"%s\" has %d elements in its raw contents, shape %s needs %d",
          input.label(), count, input.shape(), elements);
    }
  }
}
