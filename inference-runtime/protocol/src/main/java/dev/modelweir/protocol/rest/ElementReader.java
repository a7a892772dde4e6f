package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.TensorAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Turns single JSON values into elements of one datatype; used once. */
final class ElementReader {
  private final JsonParser parser;
  private final String name;
  private final DataType type;
  private final TensorAllocator allocator;
  private ByteBuffer data;
  private int count;

  ElementReader(
      JsonParser parser, String name, DataType type, int elements, TensorAllocator allocator) {
    this.parser = parser;
    this.name = name;
    this.type = type;
    this.allocator = allocator;
    int each = type == DataType.BYTES ? 16 : type.size();
    this.data = allocator.allocate(bytes((long) elements * each));
  }

  private int bytes(long wanted) {
    if (wanted > Integer.MAX_VALUE) {
      throw invalid("input \"%s\" needs more than 2 GiB of memory", name);
    }
    return (int) wanted;
  }

  void read(@Nullable JsonToken token) throws IOException {
    switch (type) {
      case BOOL -> data.put(bool(token));
      case UINT8 -> data.put((byte) integer(token, 0, 255));
      case INT8 -> data.put((byte) integer(token, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case INT16 -> data.putShort((short) integer(token, Short.MIN_VALUE, Short.MAX_VALUE));
      case INT32 -> data.putInt((int) integer(token, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case INT64 -> data.putLong(integer(token, Long.MIN_VALUE, Long.MAX_VALUE));
      case FP32 -> data.putFloat(fp32(token));
      case FP64 -> data.putDouble(fp64(token));
      case BYTES -> bytes(token);
      case UINT16, UINT32, UINT64, FP16, BF16 ->
          throw new IllegalStateException(type + " was let through to the element reader");
    }
    count++;
  }

  ByteBuffer finish() {
    return data.flip();
  }

  private byte bool(@Nullable JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_TRUE -> 1;
      case VALUE_FALSE -> 0;
      case null, default -> throw wrong("true or false");
    };
  }

  private long integer(@Nullable JsonToken token, long min, long max) throws IOException {
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw wrong("an integer");
    }
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw outOfRange();
    }
    long value = parser.getLongValue();
    if (value < min || value > max) {
      throw outOfRange();
    }
    return value;
  }

  private float fp32(@Nullable JsonToken token) throws IOException {
    checkNumber(token);
    float value = parser.getFloatValue();
    if (Float.isInfinite(value)) {
      throw outOfRange();
    }
    return value;
  }

  private double fp64(@Nullable JsonToken token) throws IOException {
    checkNumber(token);
    double value = parser.getDoubleValue();
    if (Double.isInfinite(value)) {
      throw outOfRange();
    }
    return value;
  }

  private void checkNumber(@Nullable JsonToken token) throws IOException {
    boolean number = token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT;
    if (!number || parser.isNaN()) {
      throw wrong("a finite number");
    }
  }

  private void bytes(@Nullable JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      throw wrong("a string");
    }
    ByteBuffer utf8;
    try {
      utf8 =
          StandardCharsets.UTF_8
              .newEncoder()
              .encode(
                  java.nio.CharBuffer.wrap(
                      parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength()));
    } catch (CharacterCodingException e) {
      throw invalid("input \"%s\": element %d holds half a surrogate pair", name, count);
    }
    int needed = Integer.BYTES + utf8.remaining();
    if (data.remaining() < needed) {
      grow(needed);
    }
    data.putInt(utf8.remaining()).put(utf8);
  }

  private void grow(int needed) {
    ByteBuffer larger =
        allocator.allocate(bytes(Math.max(2L * data.capacity(), (long) data.position() + needed)));
    data = larger.put(data.flip());
  }

  private InferenceException wrong(String wanted) throws IOException {
    return invalid(
        "input \"%s\": element %d is %s, datatype %s needs %s",
        name, count, actual(), type, wanted);
  }

  private InferenceException outOfRange() throws IOException {
    return invalid(
        "input \"%s\": element %d is %s, outside the range of %s", name, count, actual(), type);
  }

  private String actual() throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING
        ? "the string \"" + TensorReader.shortened(parser.getText()) + "\""
        : TensorReader.shortened(parser.getText());
  }
}
