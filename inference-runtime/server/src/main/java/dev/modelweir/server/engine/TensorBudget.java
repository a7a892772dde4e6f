package dev.modelweir.server.engine;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much native memory the tensors of all requests may take together, from when they are decoded
 * until they are computed: many large requests that wait must not exhaust it. A short text may
 * stand for several times as many bytes, so the limit of bodies does not bound this.
 */
public final class TensorBudget {
  /**
   * Half of what the JVM gives to buffers, which is as much as the heap; the rest is for the
   * network.
   */
  public static final TensorBudget OF_PROCESS =
      new TensorBudget(Runtime.getRuntime().maxMemory() / 2);

  private final long most;
  private final AtomicLong held = new AtomicLong();

  /** In bytes. */
  TensorBudget(long most) {
    this.most = most;
  }

  /**
   * Takes so many bytes, which count until given back.
   *
   * @param own bytes that the same request has already
   * @throws InferenceException when they are not there now, or never
   */
  void take(long bytes, long own) {
    if (own + bytes > most) {
      throw new InferenceException(
          Code.TOO_LARGE,
          "the tensors of this request need more than the %d bytes that there are for all"
              .formatted(most));
    }
    if (held.addAndGet(bytes) > most) {
      held.addAndGet(-bytes);
      throw new InferenceException(
          Code.OVERLOADED,
          "the tensors of the requests that wait leave no memory for those of this one");
    }
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }
}
