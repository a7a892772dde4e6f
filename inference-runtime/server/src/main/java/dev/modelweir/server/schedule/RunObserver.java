package dev.modelweir.server.schedule;

import dev.modelweir.protocol.InferenceException;

/** Is told what a model's requests cost; called on workers, so it must not block. */
public interface RunObserver {
  /**
   * A run ended well.
   *
   * @param requests that were computed together
   * @param rows of all of them
   * @param inputNanos to put them together
   * @param computeNanos inside ONNX Runtime
   */
  void ran(int requests, int rows, long inputNanos, long computeNanos);

  /**
   * A request was answered.
   *
   * @param rows it brought
   * @param queueNanos from its arrival to the beginning of its run
   * @param outputNanos to take its outputs and write its answer
   * @param totalNanos from its arrival until its answer was written
   */
  void succeeded(int rows, long queueNanos, long outputNanos, long totalNanos);

  /** A request got no answer. */
  void failed(InferenceException.Code why, long totalNanos);
}
