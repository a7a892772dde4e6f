package dev.modelweir.protocol;

import java.util.Arrays;

/**
 * The extents of a tensor, outermost first. In a model's signature -1 stands for an extent that the
 * request chooses; the shape of an actual tensor has none.
 */
public final class Shape {
  /** Far above any real model; keeps hostile requests from nesting without end. */
  public static final int MAX_RANK = 32;

  private final long[] dims;

  private Shape(long[] dims) {
    this.dims = dims;
  }

  /** A shape with these extents; none at all is a scalar. */
  public static Shape of(long... dims) {
    return new Shape(dims.clone());
  }

  public int rank() {
    return dims.length;
  }

  public long dim(int index) {
    return dims[index];
  }

  public long[] toArray() {
    return dims.clone();
  }

  /**
   * Number of elements; 1 for a scalar.
   *
   * @throws ArithmeticException when it does not fit 63 bits
   */
  public long elements() {
    long product = 1;
    for (long dim : dims) {
      if (dim == 0) {
        return 0;
      }
    }
    for (long dim : dims) {
      product = Math.multiplyExact(product, dim);
    }
    return product;
  }

  /**
   * Whether a tensor of the other shape fits this signature, in which -1 fits every extent. A
   * signature without extents fits all: a model may leave even the rank open, and ONNX Runtime's
   * Java API shows that like a scalar.
   */
  public boolean accepts(Shape actual) {
    if (dims.length == 0) {
      return true;
    }
    if (actual.dims.length != dims.length) {
      return false;
    }
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] >= 0 && dims[i] != actual.dims[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** As in JSON, for example {@code [-1,4]}. */
  @Override
  public String toString() {
    return Arrays.toString(dims).replace(" ", "");
  }
}
