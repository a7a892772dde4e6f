package dev.modelweir.protocol.rest;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.TensorAllocator;
import java.util.Objects;

/**
 * Inference requests and responses as JSON, with tensors in it or as bytes behind it (the binary
 * tensor data extension). Has no state; any thread may use it.
 */
public final class RestCodec {
  /**
   * An answer.
   *
   * @param jsonLength bytes of JSON at the beginning, behind which tensors follow as bytes; -1 when
   *     everything is JSON
   */
  public record Encoded(byte[] bytes, int jsonLength) {
    /** Whether tensors follow the JSON, so that the client must be told its length. */
    public boolean binary() {
      return jsonLength >= 0;
    }
  }

  /**
   * Reads a request. The memory asked of the allocator is bounded by a small multiple of the body.
   *
   * @param jsonLength bytes of JSON at the beginning of the body; tensors may follow as bytes
   * @throws InferenceException with {@link InferenceException.Code#INVALID}, naming the tensor and
   *     what was expected
   */
  public InferRequest decode(Bytes body, int jsonLength, TensorAllocator allocator) {
    Objects.checkFromToIndex(0, jsonLength, body.length());
    JsonScanner json = new JsonScanner(body.array(), jsonLength);
    return new RequestReader(json, new BinaryTail(body, jsonLength), allocator).read();
  }

  /**
   * Reads a raw request: a body that is nothing but the one input of a model. A leading dimension
   * that the model leaves open is a batch of 1 (unless it is the only one); one more may be open
   * and follows from the length. The body of a BYTES input is its only element. All outputs are
   * asked for as bytes.
   *
   * @throws InferenceException with {@link InferenceException.Code#INVALID} when the model takes
   *     more inputs, or the length does not fit its shape
   */
  public InferRequest decodeRaw(Bytes body, ModelMetadata model, TensorAllocator allocator) {
    return RawRequest.read(body, model, allocator);
  }

  /**
   * Writes a response in the form that the request asked for.
   *
   * @throws InferenceException with {@link InferenceException.Code#INTERNAL} when JSON cannot carry
   *     a value, such as NaN; with {@link InferenceException.Code#INVALID} when what was asked for
   *     needs another form or datatype
   */
  public Encoded encode(InferRequest request, InferResponse response) {
    return ResponseWriter.write(request, response);
  }
}
