package dev.modelweir.protocol;

/**
 * One encoding of inference requests and responses. Implementations keep no state between calls and
 * may be used by many threads at once.
 */
public interface InferCodec {
  /**
   * Reads a request. The memory asked of the allocator is bounded by a small multiple of the body.
   *
   * @throws InferenceException with {@link InferenceException.Code#INVALID}, naming the tensor and
   *     what was expected
   */
  InferRequest decode(byte[] body, TensorAllocator allocator);

  /**
   * Writes a response.
   *
   * @throws InferenceException when the encoding cannot carry a value, such as NaN in JSON
   */
  byte[] encode(InferResponse response);
}
