package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the "data" of a tensor, flat or nested exactly as the shape says, into a buffer; used once.
 */
final class DataReader {
  private final JsonParser parser;
  private final String name;
  private final Shape shape;
  private final long elements;
  private final ElementReader sink;

  /** Position within each enclosing array, for messages. */
  private final long[] path;

  private boolean flat;

  /**
   * @param bodyLength bytes of the whole request: no element is shorter than two of them, which
   *     bounds what a shape may make us allocate
   */
  DataReader(
      JsonParser parser,
      String name,
      DataType type,
      Shape shape,
      int bodyLength,
      TensorAllocator allocator) {
    this.parser = parser;
    this.name = name;
    this.shape = shape;
    this.path = new long[Math.max(1, shape.rank())];
    this.elements = elements(shape, bodyLength);
    this.sink = new ElementReader(parser, name, type, (int) elements, allocator);
  }

  private long elements(Shape shape, int bodyLength) {
    long count;
    try {
      count = shape.elements();
    } catch (ArithmeticException e) {
      count = Long.MAX_VALUE;
    }
    if (count > bodyLength / 2 + 1) {
      throw invalid(
          "input \"%s\": shape %s needs more values than a body of %d bytes can hold",
          name, shape, bodyLength);
    }
    return count;
  }

  /** Reads from the current token on and leaves the parser at the last token of the data. */
  ByteBuffer read() throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      array(0);
    } else if (shape.rank() == 0) {
      sink.read(parser.currentToken());
    } else {
      throw invalid("input \"%s\": \"data\" must be an array", name);
    }
    return sink.finish();
  }

  private void array(int depth) throws IOException {
    JsonToken token = parser.nextToken();
    if (depth == 0 && token != JsonToken.START_ARRAY) {
      flat = true;
    }
    boolean innermost = flat || depth >= shape.rank() - 1;
    long expected = flat ? elements : shape.dim(depth);
    long count = 0;
    for (; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      path[depth] = count;
      if (count == expected) {
        throw wrongCount(depth, expected, "more values than the");
      }
      if (innermost != (token != JsonToken.START_ARRAY)) {
        throw invalid(
            "input \"%s\": %s is %s, shape %s%s",
            name,
            at(depth + 1),
            innermost ? "an array" : "not an array",
            shape,
            innermost ? " allows no array there" : " needs one there, or give all values flat");
      }
      if (innermost) {
        sink.read(token);
      } else {
        array(depth + 1);
      }
      count++;
    }
    if (count != expected) {
      throw wrongCount(depth, expected, count + " values, not the");
    }
  }

  private InferenceException wrongCount(int depth, long expected, String actual) {
    return invalid(
        "input \"%s\": %s holds %s %d that shape %s needs",
        name, at(depth), actual, expected, shape);
  }

  private String at(int depth) {
    StringBuilder text = new StringBuilder("data");
    for (int i = 0; i < depth; i++) {
      text.append('[').append(path[i]).append(']');
    }
    return text.toString();
  }
}
