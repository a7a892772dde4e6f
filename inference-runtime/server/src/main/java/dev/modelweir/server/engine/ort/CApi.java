package dev.modelweir.server.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * The function table {@code OrtApi} of onnxruntime_c_api.h, found through the Java API, which has
 * already loaded it. The table only ever grows at its end, so a place keeps its meaning.
 */
final class CApi {
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
  private static final MemoryLayout SIZE = ValueLayout.JAVA_LONG;
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;

  static final MethodHandle GET_ERROR_CODE;
  static final MethodHandle GET_ERROR_MESSAGE;
  static final MethodHandle RUN;
  static final MethodHandle CREATE_RUN_OPTIONS;
  static final MethodHandle SET_TERMINATE;
  static final MethodHandle UNSET_TERMINATE;
  static final MethodHandle CREATE_TENSOR;
  static final MethodHandle CREATE_TENSOR_WITH_DATA;
  static final MethodHandle GET_DATA;
  static final MethodHandle RESIZED_STRING;
  static final MethodHandle GET_STRINGS_LENGTH;
  static final MethodHandle GET_STRINGS;
  static final MethodHandle GET_ELEMENT_TYPE;
  static final MethodHandle GET_DIMENSIONS_COUNT;
  static final MethodHandle GET_DIMENSIONS;
  static final MethodHandle GET_ELEMENT_COUNT;
  static final MethodHandle GET_TYPE_AND_SHAPE;
  static final MethodHandle GET_VALUE;
  static final MethodHandle GET_VALUE_COUNT;
  static final MethodHandle GET_ASSIGNMENT;
  static final MethodHandle GET_PROVIDER_NAME;
  static final MethodHandle GET_ASSIGNED_NODES;
  static final MethodHandle RELEASE_STATUS;
  static final MethodHandle RELEASE_VALUE;
  static final MethodHandle RELEASE_RUN_OPTIONS;
  static final MethodHandle RELEASE_TYPE_AND_SHAPE;

  /** Describes memory that ONNX Runtime does not own: plain memory of the CPU. */
  static final MemorySegment CPU_MEMORY;

  /** ONNX Runtime's allocator for plain memory. */
  static final MemorySegment ALLOCATOR;

  private static final MethodHandle SESSION_HANDLE;

  static {
    try {
      // Loads the library, if nobody has before.
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "modelweir");
      MethodHandles.Lookup internals =
          MethodHandles.privateLookupIn(OrtSession.class, MethodHandles.lookup());
      SESSION_HANDLE = internals.findGetter(OrtSession.class, "nativeHandle", long.class);
      Class<?> runtime = internals.findClass("ai.onnxruntime.OnnxRuntime");
      long address =
          (long) internals.findStaticVarHandle(runtime, "ortApiHandle", long.class).get();
      Table table = new Table(address);
      GET_ERROR_CODE = table.plain(1, FunctionDescriptor.of(INT, POINTER));
      GET_ERROR_MESSAGE = table.plain(2, FunctionDescriptor.of(POINTER, POINTER));
      RUN = table.checked(9, POINTER, POINTER, POINTER, POINTER, SIZE, POINTER, SIZE, POINTER);
      CREATE_RUN_OPTIONS = table.checked(39, POINTER);
      SET_TERMINATE = table.checked(46, POINTER);
      UNSET_TERMINATE = table.checked(47, POINTER);
      CREATE_TENSOR = table.checked(48, POINTER, POINTER, SIZE, INT, POINTER);
      CREATE_TENSOR_WITH_DATA =
          table.checked(49, POINTER, POINTER, SIZE, POINTER, SIZE, INT, POINTER);
      GET_DATA = table.checked(51, POINTER, POINTER);
      GET_STRINGS_LENGTH = table.checked(53, POINTER, POINTER);
      GET_STRINGS = table.checked(54, POINTER, POINTER, SIZE, POINTER, SIZE);
      GET_ELEMENT_TYPE = table.checked(60, POINTER, POINTER);
      GET_DIMENSIONS_COUNT = table.checked(61, POINTER, POINTER);
      GET_DIMENSIONS = table.checked(62, POINTER, POINTER, SIZE);
      GET_ELEMENT_COUNT = table.checked(64, POINTER, POINTER);
      GET_TYPE_AND_SHAPE = table.checked(65, POINTER, POINTER);
      GET_VALUE = table.checked(80, POINTER, INT, POINTER, POINTER);
      GET_VALUE_COUNT = table.checked(81, POINTER, POINTER);
      RESIZED_STRING = table.checked(252, POINTER, SIZE, SIZE, POINTER);
      GET_ASSIGNMENT = table.checked(407, POINTER, POINTER, POINTER);
      GET_PROVIDER_NAME = table.checked(408, POINTER, POINTER);
      GET_ASSIGNED_NODES = table.checked(409, POINTER, POINTER, POINTER);
      RELEASE_STATUS = table.plain(93, FunctionDescriptor.ofVoid(POINTER));
      RELEASE_VALUE = table.plain(96, FunctionDescriptor.ofVoid(POINTER));
      RELEASE_RUN_OPTIONS = table.plain(97, FunctionDescriptor.ofVoid(POINTER));
      RELEASE_TYPE_AND_SHAPE = table.plain(99, FunctionDescriptor.ofVoid(POINTER));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment out = arena.allocate(POINTER);
        int arenaAllocator = 1;
        int defaultMemory = 0;
        NativeStatus.check(
            (MemorySegment)
                table
                    .checked(69, INT, INT, POINTER)
                    .invokeExact(arenaAllocator, defaultMemory, out));
        CPU_MEMORY = out.get(ValueLayout.ADDRESS, 0);
        NativeStatus.check((MemorySegment) table.checked(78, POINTER).invokeExact(out));
        ALLOCATOR = out.get(ValueLayout.ADDRESS, 0);
      }
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private CApi() {}

  /** The C API's session behind one of the Java API. */
  static MemorySegment handle(OrtSession session) {
    try {
      return MemorySegment.ofAddress((long) SESSION_HANDLE.invokeExact(session));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private record Table(long address) {
    /** A function that answers null, or a pointer to what went wrong. */
    MethodHandle checked(int place, MemoryLayout... parameters) {
      return plain(place, FunctionDescriptor.of(POINTER, parameters));
    }

    MethodHandle plain(int place, FunctionDescriptor type) {
      MemorySegment entries =
          MemorySegment.ofAddress(address)
              .reinterpret((place + 1L) * ValueLayout.ADDRESS.byteSize());
      return Linker.nativeLinker()
          .downcallHandle(entries.getAtIndex(ValueLayout.ADDRESS, place), type);
    }
  }
}
