package dev.modelweir.server.engine.ort;

import java.lang.foreign.MemorySegment;

/** What the functions of the C API answer: null, or a status that must be released. */
final class NativeStatus {
  /** Of {@code OrtErrorCode}. */
  private static final int INVALID_ARGUMENT = 2;

  private static final int LONGEST_MESSAGE = 1 << 16;

  private NativeStatus() {}

  static void check(MemorySegment status) throws NativeException {
    if (status.address() != 0) {
      throw exception(status);
    }
  }

  private static NativeException exception(MemorySegment status) {
    try {
      int code = (int) CApi.GET_ERROR_CODE.invokeExact(status);
      MemorySegment text = (MemorySegment) CApi.GET_ERROR_MESSAGE.invokeExact(status);
      String message = text.reinterpret(LONGEST_MESSAGE).getString(0);
      CApi.RELEASE_STATUS.invokeExact(status);
      return new NativeException(code == INVALID_ARGUMENT, message);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** For the checked exceptions that method handles declare and these functions do not throw. */
  static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException runtime -> runtime;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
