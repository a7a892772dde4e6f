package dev.modelweir.server.engine.ort;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors of strings, in and out as the bytes they are. */
final class Strings {
  private Strings() {}

  /**
   * A copy of the tensor's strings in ONNX Runtime's memory.
   *
   * @throws InferenceException when a string holds a zero byte, which C cannot pass
   */
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
    try (Arena arena = Arena.ofConfined()) {
      int count = Math.toIntExact(tensor.shape().elements());
      MemorySegment strings = arena.allocate(ValueLayout.ADDRESS, Math.max(1, count));
      ByteBuffer data = tensor.data().duplicate().order(tensor.data().order());
      for (int i = 0; i < count; i++) {
        strings.setAtIndex(ValueLayout.ADDRESS, i, terminated(arena, tensor.name(), data));
      }
      NativeStatus.check(
          (MemorySegment) CApi.FILL_STRINGS.invokeExact(value, strings, (long) count));
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

  private static MemorySegment terminated(Arena arena, String name, ByteBuffer data) {
    int length = data.getInt();
    MemorySegment string = arena.allocate(length + 1L);
    for (int i = 0; i < length; i++) {
      byte value = data.get();
      if (value == 0) {
        throw InferenceException.invalid(
            "input \"%s\": a string holds the character U+0000, which models cannot take", name);
      }
      string.set(ValueLayout.JAVA_BYTE, i, value);
    }
    return string;
  }
}
