package dev.modelweir.protocol;

import java.util.Optional;

/** Element types of the Open Inference Protocol. */
public enum DataType {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  BF16(2),
  FP32(4),
  FP64(8),
  /** Strings or opaque bytes; each element is a four-byte length followed by that many bytes. */
  BYTES(0);

  private final int size;

  DataType(int size) {
    this.size = size;
  }

  /** Bytes per element; 0 for {@link #BYTES}, whose elements differ in length. */
  public int size() {
    return size;
  }

  /** The type of that name (case matters, as in the protocol), or empty. */
  public static Optional<DataType> named(String name) {
    for (DataType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
