package dev.modelweir.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where decoders get the memory of tensors; its owner decides how long the memory lives. */
@FunctionalInterface
public interface TensorAllocator {
  /** A direct buffer in native order with this many bytes between position 0 and the limit. */
  ByteBuffer allocate(int bytes);

  /** Memory that the garbage collector frees some time after the last use. */
  static TensorAllocator garbageCollected() {
    return bytes -> ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
