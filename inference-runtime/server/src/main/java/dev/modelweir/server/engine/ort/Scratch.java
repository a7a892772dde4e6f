package dev.modelweir.server.engine.ort;

import dev.modelweir.protocol.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Memory for the arguments of one call, used again for the next one of the same thread. */
final class Scratch {
  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  /** Enough for a thousand tensors; the rare call that needs more gets memory of its own. */
  private static final long SIZE = 1 << 15;

  private final MemorySegment block = Arena.ofAuto().allocate(SIZE, Long.BYTES);
  private long used;

  private Scratch() {}

  static Scratch ofThread() {
    return OF_THREAD.get().reset();
  }

  /** Takes everything back. */
  Scratch reset() {
    used = 0;
    return this;
  }

  MemorySegment pointers(int count) {
    return take(Math.max(1, count) * ValueLayout.ADDRESS.byteSize());
  }

  MemorySegment longs(int count) {
    return take(Math.max(1, count) * (long) Long.BYTES);
  }

  MemorySegment longs(Shape shape) {
    MemorySegment segment = longs(shape.rank());
    for (int i = 0; i < shape.rank(); i++) {
      segment.setAtIndex(ValueLayout.JAVA_LONG, i, shape.dim(i));
    }
    return segment;
  }

  private MemorySegment take(long bytes) {
    if (bytes > SIZE - used) {
      return Arena.ofAuto().allocate(bytes, Long.BYTES);
    }
    MemorySegment slice = block.asSlice(used, bytes);
    used += bytes;
    return slice;
  }
}
