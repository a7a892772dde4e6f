package dev.modelweir.protocol.rest;

import dev.modelweir.protocol.DataType;
import java.nio.ByteBuffer;

/** Reads numbers; integers must be written without point and exponent. */
final class NumberReader extends ElementReader {
  NumberReader(JsonScanner json, String name, DataType type, ByteBuffer data) {
    super(json, name, type, data);
  }

  /** Like the general one, with what nearly all numbers need in loops of their own. */
  @Override
  int row(int most) {
    int i = 0;
    while (true) {
      i += fractions(most - i);
      if (i == most) {
        return ~most;
      }
      if (json.peek() == '[') {
        return ~i;
      }
      read();
      i++;
      if (!json.nextElement()) {
        return i;
      }
    }
  }

  /** Reads what a quick loop can, up to so many, and tells how many those were. */
  private int fractions(int most) {
    return switch (type) {
      case FP32 -> Fractions.read(json, data, most);
      case FP64 -> doubles(most);
      default -> 0;
    };
  }

  private int doubles(int most) {
    JsonNumber number = json.number();
    int at = json.position();
    int i = 0;
    while (i < most) {
      int end = number.scanFraction(at);
      int next = end < 0 ? -1 : json.afterComma(end);
      if (next < 0) {
        break;
      }
      data.putDouble(number.shortFp64()); // below 10, so never out of range
      at = next;
      i++;
    }
    json.moveTo(at);
    return i;
  }

  @Override
  void read() {
    JsonNumber number = json.number();
    int at = json.position();
    int end;
    switch (type) {
      case FP16, BF16, FP32, FP64 -> {
        end = number.scan(at);
        putReal(number, at, end);
      }
      default -> {
        end = number.scanInteger(at);
        putInteger(number, at, end);
      }
    }
    json.moveTo(end);
  }

  private void putReal(JsonNumber number, int at, int end) {
    switch (type) {
      case FP32 -> {
        float value = end < 0 ? Float.NaN : number.fp32();
        check(Float.isFinite(value), at, end, "a finite number");
        data.putFloat(value);
      }
      case FP64 -> {
        double value = end < 0 ? Double.NaN : number.fp64();
        check(Double.isFinite(value), at, end, "a finite number");
        data.putDouble(value);
      }
      case FP16, BF16 -> {
        int bits =
            end < 0
                ? -1
                : type == DataType.FP16 ? SixteenBits.fp16(number) : SixteenBits.bf16(number);
        check(bits >= 0, at, end, "a finite number");
        data.putShort((short) bits);
      }
      default -> throw new IllegalStateException(type + " is no type of reals");
    }
  }

  private void putInteger(JsonNumber number, int at, int end) {
    if (end < 0 || !number.isInteger()) {
      throw wrong(at, "an integer");
    }
    switch (type) {
      case UINT8 -> data.put((byte) within(0, 0xff, at, end));
      case UINT16 -> data.putShort((short) within(0, 0xffff, at, end));
      case UINT32 -> data.putInt((int) within(0, 0xffff_ffffL, at, end));
      case UINT64 -> {
        check(number.isUnsignedLong(), at, end, "an integer");
        data.putLong(number.integer());
      }
      case INT8 -> data.put((byte) within(Byte.MIN_VALUE, Byte.MAX_VALUE, at, end));
      case INT16 -> data.putShort((short) within(Short.MIN_VALUE, Short.MAX_VALUE, at, end));
      case INT32 -> data.putInt((int) within(Integer.MIN_VALUE, Integer.MAX_VALUE, at, end));
      case INT64 -> data.putLong(within(Long.MIN_VALUE, Long.MAX_VALUE, at, end));
      default -> throw new IllegalStateException(type + " is no type of integers");
    }
  }

  private long within(long min, long max, int at, int end) {
    check(json.number().isWithin(min, max), at, end, "an integer");
    return json.number().integer();
  }

  private void check(boolean fits, int at, int end, String wanted) {
    if (!fits) {
      throw end < 0 ? wrong(at, wanted) : outOfRange(at, end);
    }
  }
}
