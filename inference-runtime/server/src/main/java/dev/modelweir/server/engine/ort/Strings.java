package dev.modelweir.server.engine.ort;

import dev.modelweir.protocol.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors of strings, in and out as the bytes they are. */
final class Strings {
  private Strings() {}

  /** A copy of the tensor's strings, whatever bytes they hold, in ONNX Runtime's memory. */
  static MemorySegment create(Tensor tensor, MemorySegment shape, MemorySegment out)
      throws Throwable {
    NativeStatus.check(
        (MemorySegment)
            CApi.CREATE_TENSOR.invokeExact(
                CApi.ALLOCATOR,
                shape,
                (long) tensor.shape().rank(),
                ElementType.of(tensor.type()),
                out));
    MemorySegment value = out.get(ValueLayout.ADDRESS, 0);
    try {
      MemorySegment bytes = MemorySegment.ofBuffer(tensor.data());
      long count = tensor.shape().elements();
      long position = 0;
      for (long i = 0; i < count; i++) {
        long length = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, position);
        position += Integer.BYTES;
        NativeStatus.check((MemorySegment) CApi.RESIZED_STRING.invokeExact(value, i, length, out));
        MemorySegment target = out.get(ValueLayout.ADDRESS, 0).reinterpret(length);
        MemorySegment.copy(bytes, position, target, 0, length);
        position += length;
      }
      return value;
    } catch (Throwable e) {
      CApi.RELEASE_VALUE.invokeExact(value);
      throw e;
    }
  }

  /** The strings of a tensor, each as its length and its bytes. */
  static ByteBuffer read(MemorySegment value, int count) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment length = arena.allocate(ValueLayout.JAVA_LONG);
      NativeStatus.check((MemorySegment) CApi.GET_STRINGS_LENGTH.invokeExact(value, length));
      long bytes = length.get(ValueLayout.JAVA_LONG, 0);
      MemorySegment content = arena.allocate(Math.max(1, bytes));
      MemorySegment offsets = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, count));
      NativeStatus.check(
          (MemorySegment)
              CApi.GET_STRINGS.invokeExact(value, content, bytes, offsets, (long) count));
      ByteBuffer data =
          ByteBuffer.allocate(Math.toIntExact(bytes + (long) count * Integer.BYTES))
              .order(ByteOrder.nativeOrder());
      for (int i = 0; i < count; i++) {
        long start = offsets.getAtIndex(ValueLayout.JAVA_LONG, i);
        long end = i + 1 < count ? offsets.getAtIndex(ValueLayout.JAVA_LONG, i + 1) : bytes;
        data.putInt((int) (end - start));
        data.put(content.asSlice(start, end - start).asByteBuffer());
      }
      return data.flip();
    }
  }
}
