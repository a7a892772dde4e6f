package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one tensor object; used once. */
final class TensorReader {
  private static final Set<DataType> READABLE =
      EnumSet.of(
          DataType.BOOL,
          DataType.UINT8,
          DataType.INT8,
          DataType.INT16,
          DataType.INT32,
          DataType.INT64,
          DataType.FP32,
          DataType.FP64,
          DataType.BYTES);

  private final JsonParser parser;
  private final byte[] body;
  private final TensorAllocator allocator;

  private @Nullable String name;
  private @Nullable DataType type;
  private @Nullable Shape shape;
  private @Nullable ByteBuffer data;

  /** Where "data" began and ended when it came before the fields that say how to read it. */
  private int deferredStart = -1;

  private int deferredEnd = -1;

  TensorReader(JsonParser parser, byte[] body, TensorAllocator allocator) {
    this.parser = parser;
    this.body = body;
    this.allocator = allocator;
  }

  Tensor read() throws IOException {
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      switch (field) {
        case "name" -> name = text(field, value);
        case "datatype" -> type = type(text(field, value));
        case "shape" -> shape = shape(value);
        case "data" -> data();
        default -> parser.skipChildren();
      }
    }
    String knownName = require(name, "name");
    DataType knownType = require(type, "datatype");
    Shape knownShape = require(shape, "shape");
    if (data == null && deferredStart >= 0) {
      data = readDeferred(knownName, knownType, knownShape);
    }
    return new Tensor(knownName, knownType, knownShape, require(data, "data"));
  }

  private void data() throws IOException {
    if (data != null || deferredStart >= 0) {
      throw invalid("%s has \"data\" twice", label());
    }
    if (name != null && type != null && shape != null) {
      data = new DataReader(parser, name, type, shape, body.length, allocator).read();
    } else {
      deferredStart = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      deferredEnd = (int) parser.currentLocation().getByteOffset();
    }
  }

  private ByteBuffer readDeferred(String name, DataType type, Shape shape) throws IOException {
    try (JsonParser again =
        RestCodec.factory().createParser(body, deferredStart, deferredEnd - deferredStart)) {
      again.nextToken();
      return new DataReader(again, name, type, shape, body.length, allocator).read();
    }
  }

  private DataType type(String text) {
    DataType known =
        DataType.named(text)
            .orElseThrow(
                () -> invalid("%s has the unknown datatype \"%s\"", label(), shortened(text)));
    if (!READABLE.contains(known)) {
      throw invalid(
          "%s has datatype %s, which JSON requests cannot carry here; supported are %s",
          label(), known, READABLE);
    }
    return known;
  }

  private Shape shape(@Nullable JsonToken value) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      throw invalid("%s: \"shape\" must be an array of integers", label());
    }
    long[] dims = new long[Shape.MAX_RANK];
    int rank = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw invalid("%s: \"shape\" must be an array of integers", label());
      }
      if (rank == dims.length) {
        throw invalid("%s has more than %d dimensions", label(), dims.length);
      }
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || parser.getLongValue() < 0) {
        throw invalid(
            "%s: dimension %d of \"shape\" is %s; it must be 0 or more",
            label(), rank, shortened(parser.getText()));
      }
      dims[rank++] = parser.getLongValue();
    }
    return Shape.of(Arrays.copyOf(dims, rank));
  }

  private String text(String field, @Nullable JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_STRING) {
      throw invalid("%s: \"%s\" must be a string", label(), field);
    }
    return parser.getText();
  }

  private <T> T require(@Nullable T value, String field) {
    if (value == null) {
      throw invalid("%s has no \"%s\"", label(), field);
    }
    return value;
  }

  private String label() {
    return name == null ? "an input" : "input \"" + shortened(name) + "\"";
  }

  /** Keeps hostile text from filling error messages. */
  static String shortened(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
