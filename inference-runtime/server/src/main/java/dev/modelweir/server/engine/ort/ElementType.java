package dev.modelweir.server.engine.ort;

import dev.modelweir.protocol.DataType;
import java.util.Optional;

/** {@code ONNXTensorElementDataType}: the numbers by which the C API knows element types. */
final class ElementType {
  private ElementType() {}

  static int of(DataType type) {
    return switch (type) {
      case FP32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case UINT16 -> 4;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case BYTES -> 8;
      case BOOL -> 9;
      case FP16 -> 10;
      case FP64 -> 11;
      case UINT32 -> 12;
      case UINT64 -> 13;
      case BF16 -> 16;
    };
  }

  static Optional<DataType> dataType(int number) {
    for (DataType type : DataType.values()) {
      if (of(type) == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
