package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;
import static dev.modelweir.protocol.rest.JsonScanner.shortened;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads one tensor object and, if it has none in JSON, its data behind the JSON; used once. */
final class TensorReader {
  private final JsonScanner json;
  private final BinaryTail tail;
  private final TensorAllocator allocator;

  private @Nullable String name;
  private @Nullable DataType type;
  private @Nullable Shape shape;
  private @Nullable ByteBuffer data;

  /** Where "data" is when it came before the fields that say how to read it. */
  private int deferred = -1;

  /** Bytes behind the JSON that are this tensor's, or -1. */
  private long binarySize = -1;

  private boolean parametersSeen;

  TensorReader(JsonScanner json, BinaryTail tail, TensorAllocator allocator) {
    this.json = json;
    this.tail = tail;
    this.allocator = allocator;
  }

  /** Reads the object whose brace is next. */
  Tensor read() {
    for (String key = json.firstKey(); key != null; key = json.nextKey()) {
      switch (key) {
        case "name" -> {
          once(name != null, key);
          name = text(key);
        }
        case "datatype" -> {
          once(type != null, key);
          type = type(text(key));
        }
        case "shape" -> {
          once(shape != null, key);
          shape = shape();
        }
        case "data" -> {
          once(data != null || deferred >= 0, key);
          data();
        }
        case "parameters" -> {
          once(parametersSeen, key);
          parametersSeen = true;
          parameters();
        }
        default -> json.skip();
      }
    }
    String knownName = require(name, "name");
    DataType knownType = require(type, "datatype");
    Shape knownShape = require(shape, "shape");
    if (binarySize >= 0) {
      if (data != null || deferred >= 0) {
        throw invalid("%s has both \"data\" and \"binary_data_size\"", label());
      }
      data = tail.take(shortened(knownName), knownType, knownShape, binarySize, allocator);
    } else if (deferred >= 0) {
      int end = json.position();
      json.moveTo(deferred);
      data = new DataReader(json, shortened(knownName), knownType, knownShape, allocator).read();
      json.moveTo(end);
    }
    return new Tensor(knownName, knownType, knownShape, require(data, "data"));
  }

  private void data() {
    if (name != null && type != null && shape != null) {
      data = new DataReader(json, shortened(name), type, shape, allocator).read();
    } else {
      deferred = json.position();
      json.skipUnread();
    }
  }

  private void parameters() {
    if (json.takeIfNext("null")) {
      return;
    }
    if (json.peek() != '{') {
      throw invalid("%s: \"parameters\" must be an object", label());
    }
    for (String key = json.firstKey(); key != null; key = json.nextKey()) {
      if (key.equals("binary_data_size")) {
        once(binarySize >= 0, key);
        JsonNumber size = json.numberIfNext();
        if (size == null || !size.isWithin(0, Long.MAX_VALUE)) {
          throw invalid("%s: \"binary_data_size\" must be a number of bytes", label());
        }
        binarySize = size.integer();
      } else {
        json.skip();
      }
    }
  }

  private DataType type(String text) {
    return DataType.named(text)
        .orElseThrow(() -> invalid("%s has the unknown datatype \"%s\"", label(), shortened(text)));
  }

  private Shape shape() {
    if (json.peek() != '[') {
      throw invalid("%s: \"shape\" must be an array of integers", label());
    }
    long[] dims = new long[Shape.MAX_RANK];
    int rank = 0;
    for (boolean more = json.firstElement(); more; more = json.nextElement()) {
      int at = json.position();
      JsonNumber number = json.numberIfNext();
      if (number == null || !number.isInteger()) {
        throw invalid("%s: \"shape\" must be an array of integers", label());
      }
      if (rank == dims.length) {
        throw invalid("%s has more than %d dimensions", label(), dims.length);
      }
      if (!number.isWithin(0, Long.MAX_VALUE)) {
        throw invalid(
            "%s: dimension %d of \"shape\" is %s; it must be from 0 to 2^63-1",
            label(), rank, json.text(at, json.position()));
      }
      dims[rank++] = number.integer();
    }
    return Shape.of(Arrays.copyOf(dims, rank));
  }

  private String text(String field) {
    if (json.peek() != '"') {
      throw invalid("%s: \"%s\" must be a string", label(), field);
    }
    return json.string().text();
  }

  private void once(boolean again, String field) {
    if (again) {
      throw invalid("%s has \"%s\" twice", label(), field);
    }
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
}
