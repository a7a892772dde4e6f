package dev.modelweir.server.engine.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Lets any thread end a run that another one is in; ONNX Runtime looks between two operators. Used
 * for one run after the other, never for two at once.
 */
public final class RunControl implements AutoCloseable {
  private final MemorySegment options;

  public RunControl() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
      NativeStatus.check((MemorySegment) CApi.CREATE_RUN_OPTIONS.invokeExact(out));
      options = out.get(ValueLayout.ADDRESS, 0);
    } catch (Throwable e) {
      throw NativeStatus.unexpected(e);
    }
  }

  /** Ends the run that is going on, which then fails, or else the next one. */
  public void terminate() {
    try {
      NativeStatus.check((MemorySegment) CApi.SET_TERMINATE.invokeExact(options));
    } catch (Throwable e) {
      throw NativeStatus.unexpected(e);
    }
  }

  /** Makes this fit for the next run after {@link #terminate}. */
  public void reset() {
    try {
      NativeStatus.check((MemorySegment) CApi.UNSET_TERMINATE.invokeExact(options));
    } catch (Throwable e) {
      throw NativeStatus.unexpected(e);
    }
  }

  MemorySegment options() {
    return options;
  }

  @Override
  public void close() {
    try {
      CApi.RELEASE_RUN_OPTIONS.invokeExact(options);
    } catch (Throwable e) {
      throw NativeStatus.unexpected(e);
    }
  }
}
