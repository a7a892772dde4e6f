package dev.modelweir.protocol.grpc;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;

/**
 * What a request says of one input before its elements.
 *
 * @param start where the input's message begins
 * @param end where it ends
 * @param typed whether it has typed contents, which lie somewhere between
 */
record InputHead(String name, DataType type, Shape shape, int start, int end, boolean typed) {
  private static final int LONGEST_LABEL = 64;

  /** The name, short enough for a message. */
  String label() {
    return shortened(name);
  }

  static String shortened(String text) {
    return text.length() <= LONGEST_LABEL ? text : text.substring(0, LONGEST_LABEL) + "…";
  }

  /** How many elements the shape has, of which each takes at least a byte of the message. */
  long elements() {
    try {
      return shape.elements();
    } catch (ArithmeticException e) {
      throw invalid("input \"%s\": shape %s has more elements than can be sent", label(), shape);
    }
  }
}
