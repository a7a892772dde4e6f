package dev.modelweir.server.engine;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Requests made up from a model's signature, to see whether and how fast it answers. Numbers are
 * from 0 to 1, which is in the vocabulary of every model of tokens, and strings one digit.
 *
 * @param extent stands in for every extent that the model leaves open, but for the first, which is
 *     the number of rows
 */
public record Samples(ModelMetadata metadata, int extent) {
  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  /** From 0 to 1; what is no fraction is rounded. */
  private interface Values {
    double at(int row, int column);
  }

  /** A request of so many rows: zeros, and after the first row ones. */
  public InferRequest request(int rows, TensorAllocator memory) {
    return request(rows, (row, column) -> row == 0 ? 0 : 1, memory);
  }

  /**
   * A request of rows of which there are two, 0 and 1, that differ in every element: fractions
   * spread over what lies between 0 and 1, and where one has a whole 0 the other has a 1.
   *
   * @param rows which of them, in their order
   */
  public InferRequest distinct(List<Integer> rows, TensorAllocator memory) {
    return request(
        rows.size(),
        (row, column) -> {
          double value = (column + 1) * GOLDEN_RATIO % 1;
          return rows.get(row) == 0 ? value : 0.05 + 0.9 * (1 - value);
        },
        memory);
  }

  private InferRequest request(int rows, Values values, TensorAllocator memory) {
    List<Tensor> inputs = new ArrayList<>();
    for (TensorSpec spec : metadata.inputs()) {
      inputs.add(tensor(spec, rows, values, memory));
    }
    return new InferRequest(null, inputs, List.<RequestedOutput>of(), Map.of());
  }

  private Tensor tensor(TensorSpec spec, int rows, Values values, TensorAllocator memory) {
    long[] dims = spec.shape().toArray();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] < 0) {
        dims[i] = i == 0 ? rows : extent;
      }
    }
    Shape shape = Shape.of(dims);
    int elements = Math.toIntExact(shape.elements());
    // A string is its length and its bytes.
    int each = spec.type() == DataType.BYTES ? Integer.BYTES + 1 : spec.type().size();
    ByteBuffer data = memory.allocate(Math.multiplyExact(elements, each));
    int ofRow = Math.max(1, Math.ceilDiv(elements, rows));
    for (int i = 0; i < elements; i++) {
      put(data, spec.type(), values.at(i / ofRow, i % ofRow));
    }
    return new Tensor(spec.name(), spec.type(), shape, data.flip());
  }

  private static void put(ByteBuffer data, DataType type, double value) {
    int whole = (int) Math.round(value);
    switch (type) {
      case BOOL, INT8, UINT8 -> data.put((byte) whole);
      case INT16, UINT16 -> data.putShort((short) whole);
      case INT32, UINT32 -> data.putInt(whole);
      case INT64, UINT64 -> data.putLong(whole);
      case FP16 -> data.putShort(Float.floatToFloat16((float) value));
      case BF16 -> data.putShort((short) (Float.floatToRawIntBits((float) value) >>> Short.SIZE));
      case FP32 -> data.putFloat((float) value);
      case FP64 -> data.putDouble(value);
      case BYTES -> data.putInt(1).put((byte) ('0' + whole));
    }
  }
}
