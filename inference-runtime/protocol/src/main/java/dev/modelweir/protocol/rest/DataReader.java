package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;

/**
 * Reads the "data" of a tensor, flat or nested exactly as the shape says, into a buffer; used once.
 */
final class DataReader {
  private final JsonScanner json;
  private final String name;
  private final Shape shape;
  private final long elements;
  private final ElementReader sink;

  /** Position within each enclosing array, for messages. */
  private final long[] path;

  private boolean flat;

  DataReader(JsonScanner json, String name, DataType type, Shape shape, TensorAllocator allocator) {
    this.json = json;
    this.name = name;
    this.shape = shape;
    this.path = new long[Math.max(1, shape.rank())];
    // No element is shorter than two bytes, which bounds what a shape may make us allocate.
    int most = (json.limit() - json.position()) / 2 + 1;
    this.elements = Extent.elements(name, shape, most, json.limit());
    this.sink = ElementReader.of(json, name, type, (int) elements, allocator);
  }

  /** Reads the value that is next. */
  ByteBuffer read() {
    if (json.peek() == '[') {
      array(0);
    } else if (shape.rank() == 0) {
      sink.read();
    } else {
      throw invalid("input \"%s\": \"data\" must be an array", name);
    }
    return sink.finish();
  }

  private void array(int depth) {
    boolean more = json.firstElement();
    if (depth == 0 && !(more && json.peek() == '[')) {
      flat = true;
    }
    if (flat) {
      row(depth, more, elements);
    } else if (depth >= shape.rank() - 1) {
      row(depth, more, shape.dim(depth));
    } else {
      arrays(depth, more, shape.dim(depth));
    }
  }

  private void row(int depth, boolean more, long expected) {
    int count = more ? sink.row((int) Math.min(expected, Integer.MAX_VALUE)) : 0;
    if (~count == expected) {
      throw wrongCount(depth, expected, "more values than the");
    }
    if (count < 0) {
      path[depth] = ~count;
      throw invalid(
          "input \"%s\": %s is an array, shape %s allows no array there",
          name, at(depth + 1), shape);
    }
    if (count != expected) {
      throw wrongCount(depth, expected, count + " values, not the");
    }
  }

  private void arrays(int depth, boolean any, long expected) {
    long count = 0;
    for (boolean more = any; more; more = json.nextElement()) {
      path[depth] = count;
      if (count == expected) {
        throw wrongCount(depth, expected, "more values than the");
      }
      if (json.peek() != '[') {
        throw invalid(
            "input \"%s\": %s is not an array but %s; shape %s needs one there, or give all values"
                + " flat",
            name, at(depth + 1), json.actual(), shape);
      }
      array(depth + 1);
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
