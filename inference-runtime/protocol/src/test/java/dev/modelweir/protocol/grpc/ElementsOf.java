package dev.modelweir.protocol.grpc;

import com.google.protobuf.ByteString;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.grpc.message.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Three elements of each type, with the extremes among them, in both forms of the wire. */
final class ElementsOf {
  private static final String[] TEXTS = {"", "tree", "木"};

  private ElementsOf() {}

  static byte[] raw(DataType type) {
    ByteBuffer raw = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case BOOL -> raw.put((byte) 1).put((byte) 0).put((byte) 1);
      case UINT8 -> raw.put((byte) 0).put((byte) 127).put((byte) 255);
      case INT8 -> raw.put((byte) -128).put((byte) -1).put((byte) 127);
      case UINT16 -> raw.putShort((short) 0).putShort((short) 300).putShort((short) 65535);
      case INT16 -> raw.putShort(Short.MIN_VALUE).putShort((short) -1).putShort(Short.MAX_VALUE);
      case UINT32 -> raw.putInt(0).putInt(70_000).putInt(-1);
      case INT32 -> raw.putInt(Integer.MIN_VALUE).putInt(-1).putInt(Integer.MAX_VALUE);
      case UINT64 -> raw.putLong(0).putLong(1L << 40).putLong(-1);
      case INT64 -> raw.putLong(Long.MIN_VALUE).putLong(-1).putLong(Long.MAX_VALUE);
      case FP16 -> raw.putShort((short) 0x3c00).putShort((short) 1).putShort((short) 0xfc00);
      case BF16 -> raw.putShort((short) 0x3f80).putShort((short) 1).putShort((short) 0xff80);
      case FP32 -> raw.putFloat(-0f).putFloat(Float.MIN_VALUE).putFloat(Float.NaN);
      case FP64 -> raw.putDouble(-0d).putDouble(Double.MIN_VALUE).putDouble(Double.NaN);
      case BYTES -> {
        for (String text : TEXTS) {
          byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
          raw.putInt(utf8.length).put(utf8);
        }
      }
    }
    return Arrays.copyOf(raw.array(), raw.position());
  }

  static InferTensorContents typed(DataType type) {
    ByteBuffer raw = ByteBuffer.wrap(raw(type)).order(ByteOrder.LITTLE_ENDIAN);
    InferTensorContents.Builder typed = InferTensorContents.newBuilder();
    for (int i = 0; i < 3; i++) {
      switch (type) {
        case BOOL -> typed.addBoolContents(raw.get() != 0);
        case UINT8 -> typed.addUintContents(Byte.toUnsignedInt(raw.get()));
        case INT8 -> typed.addIntContents(raw.get());
        case UINT16 -> typed.addUintContents(Short.toUnsignedInt(raw.getShort()));
        case INT16 -> typed.addIntContents(raw.getShort());
        case UINT32 -> typed.addUintContents(raw.getInt());
        case INT32 -> typed.addIntContents(raw.getInt());
        case UINT64 -> typed.addUint64Contents(raw.getLong());
        case INT64 -> typed.addInt64Contents(raw.getLong());
        case FP32 -> typed.addFp32Contents(raw.getFloat());
        case FP64 -> typed.addFp64Contents(raw.getDouble());
        case BYTES -> typed.addBytesContents(ByteString.copyFromUtf8(TEXTS[i]));
        case FP16, BF16 -> throw new IllegalArgumentException(type + " has no typed contents");
      }
    }
    return typed.build();
  }

  /** One of the elements, in a message of its own. */
  static InferTensorContents only(InferTensorContents of, int place) {
    InferTensorContents.Builder one = InferTensorContents.newBuilder();
    of.getAllFields()
        .forEach((field, values) -> one.addRepeatedField(field, of.getRepeatedField(field, place)));
    return one.build();
  }
}
