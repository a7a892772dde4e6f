package dev.modelweir.protocol.grpc;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One output's elements as a list of numbers or strings. */
final class TypedOutput {
  private final DataType type;
  private final ByteBuffer data;
  private final int field;

  /** Bytes of all elements: packed for numbers, each with its own tag and length for strings. */
  private final long size;

  TypedOutput(Tensor tensor) {
    this.type = tensor.type();
    this.data = tensor.data().duplicate().order(ByteOrder.nativeOrder());
    this.field = TypedContents.field(type);
    this.size = sizeOfElements();
  }

  /** Whether elements of this type can travel like this. */
  static boolean carries(DataType type) {
    return TypedContents.field(type) != 0;
  }

  private long sizeOfElements() {
    return switch (type) {
      case BOOL, FP32, FP64 -> data.remaining();
      case BYTES -> {
        long sum = 0;
        for (int at = data.position(); at < data.limit(); ) {
          int length = data.getInt(at);
          sum += WireWriter.fieldSize(length);
          at += Integer.BYTES + length;
        }
        yield sum;
      }
      default -> {
        long sum = 0;
        for (int at = data.position(); at < data.limit(); at += type.size()) {
          sum += WireWriter.size(number(at));
        }
        yield sum;
      }
    };
  }

  /** Bytes of the contents message. */
  long size() {
    return type == DataType.BYTES || size == 0 ? size : WireWriter.fieldSize(size);
  }

  void write(WireWriter wire) {
    if (size == 0) {
      return;
    }
    switch (type) {
      case BYTES -> {
        for (int at = data.position(); at < data.limit(); ) {
          int length = data.getInt(at);
          wire.field(field, length);
          wire.copy(data, at + Integer.BYTES, length);
          at += Integer.BYTES + length;
        }
      }
      case BOOL, FP32, FP64 -> {
        wire.field(field, size);
        wire.copy(data);
      }
      default -> {
        wire.field(field, size);
        for (int at = data.position(); at < data.limit(); at += type.size()) {
          wire.varint(number(at));
        }
      }
    }
  }

  private long number(int at) {
    return switch (type) {
      case INT8 -> data.get(at);
      case INT16 -> data.getShort(at);
      case INT32 -> data.getInt(at);
      case INT64, UINT64 -> data.getLong(at);
      case UINT8 -> Byte.toUnsignedLong(data.get(at));
      case UINT16 -> Short.toUnsignedLong(data.getShort(at));
      case UINT32 -> Integer.toUnsignedLong(data.getInt(at));
      case BOOL, FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalStateException(type + " is no list of integers");
    };
  }
}
