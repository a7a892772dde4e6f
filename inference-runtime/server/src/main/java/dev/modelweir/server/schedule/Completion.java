package dev.modelweir.server.schedule;

import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;

/**
 * Learns how one request ended. Either {@link #succeeded} and then {@link #send} are called, or
 * {@link #failed} is, once; until then the memory of the request's tensors must stay.
 */
public interface Completion {
  /**
   * Writes the answer. Called on a worker.
   *
   * @param response its tensors may be read until this method returns and not after
   * @throws dev.modelweir.protocol.InferenceException when the answer cannot be written; then the
   *     request failed
   */
  void succeeded(InferResponse response);

  /**
   * Sends what {@link #succeeded} wrote, now that the request is counted: who reads the statistics
   * after an answer must find it in them.
   */
  void send();

  /** Called on a worker, on the submitting or on the cancelling thread. */
  void failed(InferenceException failure);
}
