package dev.modelweir.server.engine.ort;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Sequences of maps from labels to scores, the outputs of ONNX-ML's ZipMap, as one tensor: a row
 * for each map, a column for each label in the order of the labels. ZipMap gives every row the same
 * labels, and ONNX Runtime keeps maps sorted.
 */
final class Maps {
  private static final int VALUES = 1;

  private Maps() {}

  static Tensor read(TensorSpec spec, MemorySegment sequence, Scratch scratch) throws Throwable {
    MemorySegment out = scratch.pointers(1);
    NativeStatus.check((MemorySegment) CApi.GET_VALUE_COUNT.invokeExact(sequence, out));
    int rows = Math.toIntExact(out.get(ValueLayout.JAVA_LONG, 0));
    int columns = 0;
    ByteBuffer data = ByteBuffer.allocate(0);
    for (int row = 0; row < rows; row++) {
      MemorySegment[] held = {MemorySegment.NULL, MemorySegment.NULL};
      try {
        held[0] = part(sequence, row, out);
        held[1] = part(held[0], VALUES, out);
        ByteBuffer scores = scores(held[1], out);
        if (row == 0) {
          columns = scores.remaining() / Float.BYTES;
          data =
              ByteBuffer.allocate(Math.multiplyExact(rows, scores.remaining()))
                  .order(ByteOrder.nativeOrder());
        } else if (scores.remaining() != columns * Float.BYTES) {
          throw new NativeException(
              false, "output \"%s\" has maps of several sizes".formatted(spec.name()));
        }
        data.put(scores);
      } finally {
        Outputs.release(held);
      }
    }
    return new Tensor(spec.name(), DataType.FP32, Shape.of(rows, columns), data.flip());
  }

  private static MemorySegment part(MemorySegment whole, int place, MemorySegment out)
      throws Throwable {
    NativeStatus.check(
        (MemorySegment) CApi.GET_VALUE.invokeExact(whole, place, CApi.ALLOCATOR, out));
    return out.get(ValueLayout.ADDRESS, 0);
  }

  /** Valid as long as the tensor is held. */
  private static ByteBuffer scores(MemorySegment tensor, MemorySegment out) throws Throwable {
    NativeStatus.check((MemorySegment) CApi.GET_TYPE_AND_SHAPE.invokeExact(tensor, out));
    MemorySegment info = out.get(ValueLayout.ADDRESS, 0);
    long count;
    try {
      NativeStatus.check((MemorySegment) CApi.GET_ELEMENT_COUNT.invokeExact(info, out));
      count = out.get(ValueLayout.JAVA_LONG, 0);
    } finally {
      CApi.RELEASE_TYPE_AND_SHAPE.invokeExact(info);
    }
    NativeStatus.check((MemorySegment) CApi.GET_DATA.invokeExact(tensor, out));
    return out.get(ValueLayout.ADDRESS, 0)
        .reinterpret(Math.multiplyExact(count, Float.BYTES))
        .asByteBuffer();
  }
}
