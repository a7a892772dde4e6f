package dev.modelweir.server.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Strings in and out of ONNX Runtime as the bytes they are. The Java API passes them in Java's
 * modified UTF-8, in which characters outside the basic plane, such as emoji, have other bytes: a
 * model would look up the wrong word without any error. So the C API is called instead, through the
 * function table that the Java API has already loaded.
 */
final class StringTensors {
  /** Places in the function table OrtApi, which only ever grows at its end. */
  private static final int FILL_STRING_TENSOR = 52;

  private static final int GET_STRING_TENSOR_DATA_LENGTH = 53;
  private static final int GET_STRING_TENSOR_CONTENT = 54;

  private static final MethodHandle FILL;
  private static final MethodHandle LENGTH;
  private static final MethodHandle CONTENT;
  private static final MethodHandle HANDLE_OF;

  static {
    try {
      MethodHandles.Lookup internals =
          MethodHandles.privateLookupIn(OnnxTensorLike.class, MethodHandles.lookup());
      HANDLE_OF = internals.findGetter(OnnxTensorLike.class, "nativeHandle", long.class);
      Class<?> runtime = internals.findClass("ai.onnxruntime.OnnxRuntime");
      long table = (long) internals.findStaticVarHandle(runtime, "ortApiHandle", long.class).get();
      MemoryLayout pointer = ValueLayout.ADDRESS;
      MemoryLayout size = ValueLayout.JAVA_LONG;
      FILL = function(table, FILL_STRING_TENSOR, pointer, pointer, size);
      LENGTH = function(table, GET_STRING_TENSOR_DATA_LENGTH, pointer, pointer);
      CONTENT = function(table, GET_STRING_TENSOR_CONTENT, pointer, pointer, size, pointer, size);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private StringTensors() {}

  /**
   * A copy of the tensor's strings in ONNX Runtime's memory.
   *
   * @throws InferenceException when a string holds a zero byte, which C cannot pass
   */
  static OnnxTensor create(OrtEnvironment environment, Tensor tensor) throws OrtException {
    String[] empty = new String[Math.toIntExact(tensor.shape().elements())];
    Arrays.fill(empty, "");
    OnnxTensor value = OnnxTensor.createTensor(environment, empty, tensor.shape().toArray());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment strings = arena.allocate(ValueLayout.ADDRESS, Math.max(1, empty.length));
      ByteBuffer data = tensor.data().duplicate().order(tensor.data().order());
      for (int i = 0; i < empty.length; i++) {
        strings.setAtIndex(ValueLayout.ADDRESS, i, terminated(arena, tensor.name(), data));
      }
      check((MemorySegment) FILL.invokeExact(address(value), strings, (long) empty.length));
      return value;
    } catch (Throwable e) {
      value.close();
      throw propagate(e);
    }
  }

  /** The strings of a tensor, each as its length and its bytes. */
  static ByteBuffer read(OnnxTensor value) {
    int count = Math.toIntExact(value.getInfo().getNumElements());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment length = arena.allocate(ValueLayout.JAVA_LONG);
      check((MemorySegment) LENGTH.invokeExact(address(value), length));
      long bytes = length.get(ValueLayout.JAVA_LONG, 0);
      MemorySegment content = arena.allocate(Math.max(1, bytes));
      MemorySegment offsets = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, count));
      check(
          (MemorySegment)
              CONTENT.invokeExact(address(value), content, bytes, offsets, (long) count));
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
    } catch (Throwable e) {
      throw propagate(e);
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

  private static MemorySegment address(OnnxTensor value) throws Throwable {
    return MemorySegment.ofAddress((long) HANDLE_OF.invoke((OnnxTensorLike) value));
  }

  /** The C API answers null, or a pointer to what went wrong. */
  private static void check(MemorySegment status) {
    if (status.address() != 0) {
      throw new IllegalStateException("ONNX Runtime refused to pass a string tensor");
    }
  }

  private static RuntimeException propagate(Throwable failure) {
    return switch (failure) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(failure);
    };
  }

  private static MethodHandle function(long table, int index, MemoryLayout... parameters) {
    MemorySegment entries =
        MemorySegment.ofAddress(table).reinterpret((index + 1L) * ValueLayout.ADDRESS.byteSize());
    return Linker.nativeLinker()
        .downcallHandle(
            entries.getAtIndex(ValueLayout.ADDRESS, index),
            FunctionDescriptor.of(ValueLayout.ADDRESS, parameters));
  }
}
