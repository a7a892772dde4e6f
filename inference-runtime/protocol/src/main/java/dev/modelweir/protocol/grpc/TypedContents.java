package dev.modelweir.protocol.grpc;

import static dev.modelweir.protocol.InferenceException.invalid;
import static dev.modelweir.protocol.grpc.WireReader.FIXED32;
import static dev.modelweir.protocol.grpc.WireReader.FIXED64;
import static dev.modelweir.protocol.grpc.WireReader.LENGTH;
import static dev.modelweir.protocol.grpc.WireReader.VARINT;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;

/** Reads the elements of one input that travel as a list of numbers or strings; used once. */
final class TypedContents {
  /** Where an input's message has them. */
  static final int CONTENTS = 5;

  static final int BOOL = 1;
  static final int INT = 2;
  static final int INT64 = 3;
  static final int UINT = 4;
  static final int UINT64 = 5;
  static final int FP32 = 6;
  static final int FP64 = 7;
  static final int BYTES = 8;

  /** By field number. */
  private static final String[] NAMES = {
    "",
    "bool_contents",
    "int_contents",
    "int64_contents",
    "uint_contents",
    "uint64_contents",
    "fp32_contents",
    "fp64_contents",
    "bytes_contents"
  };

  private final WireReader wire;
  private final InputHead input;
  private final int field;
  private final long elements;
  private final ByteBuffer data;
  private long count;

  /**
   * @param elements that the shape has
   * @throws InferenceException when the message is too short for so many, before anything of that
   *     size is allocated
   */
  TypedContents(WireReader wire, InputHead input, long elements, TensorAllocator allocator) {
    this.wire = wire;
    this.input = input;
    this.field = field(input.type());
    this.elements = elements;
    if (field == 0) {
      throw invalid(
          "input \"%s\": %s has no typed contents; send it in raw_input_contents",
          input.label(), input.type());
    }
    int bytes = input.end() - input.start();
    if (elements > bytes) {
      throw invalid(
          "input \"%s\": shape %s needs %d values, more than its %d bytes can hold",
          input.label(), input.shape(), elements, bytes);
    }
    // Each string comes with at least two bytes before it, where memory takes four.
    long size =
        input.type() == DataType.BYTES
            ? bytes + elements * Integer.BYTES
            : elements * input.type().size();
    if (size > Integer.MAX_VALUE) {
      throw invalid("input \"%s\" needs more than 2 GiB of memory", input.label());
    }
    this.data = allocator.allocate((int) size);
  }

  /** The field that elements of a type travel in; 0 for none. */
  static int field(DataType type) {
    return switch (type) {
      case BOOL -> BOOL;
      case INT8, INT16, INT32 -> INT;
      case INT64 -> INT64;
      case UINT8, UINT16, UINT32 -> UINT;
      case UINT64 -> UINT64;
      case FP32 -> FP32;
      case FP64 -> FP64;
      case BYTES -> BYTES;
      case FP16, BF16 -> 0;
    };
  }

  /** Reads every part of the contents; protobuf lets a sender split them. */
  ByteBuffer read() {
    wire.move(input.start(), input.end());
    while (wire.hasMore()) {
      int tag = wire.tag();
      if (WireReader.field(tag) == CONTENTS) {
        int enclosing = wire.enter();
        part();
        wire.leave(enclosing);
      } else {
        wire.skip(tag);
      }
    }
    if (count != elements) {
      throw invalid(
          "input \"%s\": %s holds %d values, shape %s needs %d",
          input.label(), NAMES[field], count, input.shape(), elements);
    }
    return data.flip();
  }

  private void part() {
    while (wire.hasMore()) {
      int tag = wire.tag();
      int given = WireReader.field(tag);
      if (given == field) {
        values(tag);
      } else if (given < NAMES.length) {
        throw invalid(
            "input \"%s\": the values of %s belong in %s, the request has %s",
            input.label(), input.type(), NAMES[field], NAMES[given]);
      } else {
        wire.skip(tag);
      }
    }
  }

  private void values(int tag) {
    if (field == BYTES) {
      wire.expect(tag, LENGTH);
      string();
      return;
    }
    boolean packed = WireReader.wireType(tag) == LENGTH;
    if (!packed) {
      wire.expect(tag, wireType());
      value();
      return;
    }
    int enclosing = wire.enter();
    if (field == FP32 || field == FP64) {
      fixed();
    } else {
      while (wire.hasMore()) {
        value();
      }
    }
    wire.leave(enclosing);
  }

  private int wireType() {
    return switch (field) {
      case FP32 -> FIXED32;
      case FP64 -> FIXED64;
      default -> VARINT;
    };
  }

  /** A packed list of these is what memory holds. */
  private void fixed() {
    int bytes = wire.end() - wire.position();
    int size = input.type().size();
    if (bytes % size != 0) {
      throw invalid(
          "input \"%s\": %s has %d bytes, not a multiple of %d",
          input.label(), NAMES[field], bytes, size);
    }
    if (bytes > data.remaining()) {
      throw tooMany();
    }
    wire.copy(bytes, data);
    count += bytes / size;
  }

  private void string() {
    if (count == elements) {
      throw tooMany();
    }
    int length = wire.length();
    data.putInt(length);
    wire.copy(length, data);
    count++;
  }

  private void value() {
    if (count == elements) {
      throw tooMany();
    }
    switch (input.type()) {
      case BOOL -> data.put((byte) (wire.varint() != 0 ? 1 : 0));
      case INT8 -> data.put((byte) signed(Byte.MIN_VALUE, Byte.MAX_VALUE));
      case INT16 -> data.putShort((short) signed(Short.MIN_VALUE, Short.MAX_VALUE));
      case UINT8 -> data.put((byte) unsigned(0xff));
      case UINT16 -> data.putShort((short) unsigned(0xffff));
      case INT32, UINT32 -> data.putInt((int) wire.varint());
      case INT64, UINT64 -> data.putLong(wire.varint());
      case FP32 -> data.putInt(wire.fixed32());
      case FP64 -> data.putLong(wire.fixed64());
      case FP16, BF16, BYTES -> throw new IllegalStateException(input.type() + " has no numbers");
    }
    count++;
  }

  private int signed(int least, int greatest) {
    int value = (int) wire.varint();
    if (value < least || value > greatest) {
      throw outOfRange(Integer.toString(value));
    }
    return value;
  }

  private int unsigned(int greatest) {
    int value = (int) wire.varint();
    if (Integer.compareUnsigned(value, greatest) > 0) {
      throw outOfRange(Integer.toUnsignedString(value));
    }
    return value;
  }

  private InferenceException outOfRange(String value) {
    return invalid(
        "input \"%s\": element %d is %s, outside the range of %s",
        input.label(), count, value, input.type());
  }

  private InferenceException tooMany() {
    return invalid(
        "input \"%s\": %s holds more values than the %d that shape %s needs",
        input.label(), NAMES[field], elements, input.shape());
  }
}
