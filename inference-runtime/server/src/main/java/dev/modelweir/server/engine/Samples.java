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
 * Requests made up from a model's signature, to see whether and how fast it answers: zeros and
 * empty strings.
 *
 * @param extent stands in for every extent that the model leaves open, but for the first, which is
 *     the number of rows
 */
public record Samples(ModelMetadata metadata, int extent) {

  /** A request of so many rows; rows after the first hold ones instead of zeros. */
  public InferRequest request(int rows, TensorAllocator memory) {
    List<Tensor> inputs = new ArrayList<>();
    for (TensorSpec spec : metadata.inputs()) {
      inputs.add(tensor(spec, rows, memory));
    }
    return new InferRequest(null, inputs, List.<RequestedOutput>of(), Map.of());
  }

  private Tensor tensor(TensorSpec spec, int rows, TensorAllocator memory) {
    long[] dims = spec.shape().toArray();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] < 0) {
        dims[i] = i == 0 ? rows : extent;
      }
    }
    Shape shape = Shape.of(dims);
    int elements = Math.toIntExact(shape.elements());
    // An empty string is encoded as its length alone.
    int each = spec.type() == DataType.BYTES ? Integer.BYTES : spec.type().size();
    ByteBuffer data = memory.allocate(Math.multiplyExact(elements, each));
    int ones = rows > 1 && spec.type() != DataType.BYTES ? elements / rows : elements;
    for (int i = 0; i < elements; i++) {
      put(data, spec.type(), i < ones ? 0 : 1);
    }
    return new Tensor(spec.name(), spec.type(), shape, data.flip());
  }

  private static void put(ByteBuffer data, DataType type, int value) {
    switch (type) {
      case BOOL, INT8, UINT8 -> data.put((byte) value);
      case INT16, UINT16 -> data.putShort((short) value);
      case INT32, UINT32 -> data.putInt(value);
      case INT64, UINT64 -> data.putLong(value);
      case FP16 -> data.putShort(Float.floatToFloat16(value));
      case BF16 -> data.putShort((short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
      case FP32 -> data.putFloat(value);
      case FP64 -> data.putDouble(value);
      case BYTES -> data.putInt(0);
    }
  }
}
