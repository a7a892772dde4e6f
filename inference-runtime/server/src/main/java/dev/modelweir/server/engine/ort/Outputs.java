package dev.modelweir.server.engine.ort;

import dev.modelweir.protocol.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The outputs of one run. Numbers lie in ONNX Runtime's memory, so the tensors may be read until
 * this is closed and not after.
 */
public final class Outputs implements AutoCloseable {
  private final List<Tensor> tensors;
  private final MemorySegment[] values;

  Outputs(List<Tensor> tensors, MemorySegment[] values) {
    this.tensors = tensors;
    this.values = values;
  }

  /** In the order in which they were asked for. */
  public List<Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    release(values);
  }

  static void release(MemorySegment[] values) {
    try {
      for (int i = 0; i < values.length; i++) {
        if (values[i].address() != 0) {
          CApi.RELEASE_VALUE.invokeExact(values[i]);
          values[i] = MemorySegment.NULL;
        }
      }
    } catch (Throwable e) {
      throw NativeStatus.unexpected(e);
    }
  }
}
