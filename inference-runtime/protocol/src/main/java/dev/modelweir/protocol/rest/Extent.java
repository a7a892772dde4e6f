package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.Shape;

/** How much a shape asks for, held against how much there can be. */
final class Extent {
  private Extent() {}

  /**
   * Number of elements of an input.
   *
   * @param most as many as the rest of the body can hold
   * @param available bytes of the body, for the message
   */
  static long elements(String name, Shape shape, long most, int available) {
    long count;
    try {
      count = shape.elements();
    } catch (ArithmeticException e) {
      count = Long.MAX_VALUE;
    }
    if (count > most) {
      throw invalid(
          "input \"%s\": shape %s needs more values than a body of %d bytes can hold",
          name, shape, available);
    }
    return count;
  }
}
