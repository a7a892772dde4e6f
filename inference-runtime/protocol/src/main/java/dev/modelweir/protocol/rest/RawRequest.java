package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.TensorSpec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** A request without any JSON, whose body is the data of the model's only input. */
final class RawRequest {
  private RawRequest() {}

  static InferRequest read(Bytes body, ModelMetadata model, TensorAllocator allocator) {
    if (model.inputs().size() != 1) {
      throw invalid(
          "a request without JSON needs a model with one input; \"%s\" takes %d",
          model.name(), model.inputs().size());
    }
    TensorSpec input = model.inputs().getFirst();
    Tensor tensor =
        input.type() == DataType.BYTES
            ? string(body, input, allocator)
            : numbers(body, input, allocator);
    return new InferRequest(null, List.of(tensor), List.of(), Map.of("binary_data_output", true));
  }

  /** The whole body is the one element. */
  private static Tensor string(Bytes body, TensorSpec input, TensorAllocator allocator) {
    ByteBuffer data = allocator.allocate(Math.addExact(Integer.BYTES, body.length()));
    data.putInt(body.length()).put(body.array(), 0, body.length()).flip();
    return new Tensor(input.name(), input.type(), shape(input, 1, body.length()), data);
  }

  private static Tensor numbers(Bytes body, TensorSpec input, TensorAllocator allocator) {
    int each = input.type().size();
    if (body.length() % each != 0) {
      throw invalid(
          "input \"%s\": a body of %d bytes is no whole number of %s values of %d bytes",
          input.name(), body.length(), input.type(), each);
    }
    Shape shape = shape(input, body.length() / each, body.length());
    BinaryTail bytes = new BinaryTail(body, 0);
    ByteBuffer data = bytes.take(input.name(), input.type(), shape, body.length(), allocator);
    return new Tensor(input.name(), input.type(), shape, data);
  }

  /**
   * The input's shape for so many elements. A leading dimension that is open is the batch, which is
   * 1 unless the input has no other dimension; one more may be open and is computed.
   */
  private static Shape shape(TensorSpec input, long elements, int available) {
    long[] dims = input.shape().toArray();
    if (dims.length > 1 && dims[0] < 0) {
      dims[0] = 1;
    }
    int open = -1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] < 0 && open >= 0) {
        throw invalid(
            "input \"%s\" has shape %s; a request without JSON can leave only one dimension open"
                + " besides the batch",
            input.name(), input.shape());
      }
      open = dims[i] < 0 ? i : open;
    }
    if (open >= 0) {
      dims[open] = 1;
      long others = Extent.elements(input.name(), Shape.of(dims), Integer.MAX_VALUE, available);
      dims[open] = others == 0 ? 0 : elements / others;
    }
    Shape shape = Shape.of(dims);
    if (Extent.elements(input.name(), shape, Integer.MAX_VALUE, available) != elements) {
      throw invalid(
          "input \"%s\": the body holds %d values of %s, which does not fit shape %s",
          input.name(), elements, input.type(), input.shape());
    }
    return shape;
  }
}
