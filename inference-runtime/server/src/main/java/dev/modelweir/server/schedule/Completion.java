package dev.modelweir.server.schedule;

import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;

/**
 * Learns how one request ended. Exactly one of the methods is called, once; until then the memory
 * of the request's tensors must stay.
 */
public interface Completion {
  /**
   * Called on a worker.
   *
   * @param response its tensors may be read until this method returns and not after
   */
  void succeeded(InferResponse response);

  /** Called on a worker, on the submitting or on the cancelling thread. */
  void failed(InferenceException failure);
}
