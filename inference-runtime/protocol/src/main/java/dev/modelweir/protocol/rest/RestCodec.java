package dev.modelweir.protocol.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Inference requests and responses as plain JSON; tensors of type FP16 and BF16 have no JSON form.
 */
public final class RestCodec {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          // JSON is UTF-8; guessing other encodings would also break byte offsets.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // Recognised only to be refused with a message that says which element it was.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Shape.MAX_RANK + 8)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(4096)
                  .build())
          .build();

  static JsonFactory factory() {
    return JSON;
  }

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
  public InferRequest decode(byte[] body, int jsonLength, TensorAllocator allocator) {
    try (JsonParser parser = JSON.createParser(body, 0, jsonLength)) {
      return new RequestReader(parser, body, allocator).read();
    } catch (JacksonException e) {
      throw InferenceException.invalid(
          "the body is not valid JSON: %s (at byte %d)",
          firstLine(e.getOriginalMessage()),
          e.getLocation() == null ? 0 : e.getLocation().getByteOffset());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a raw request: a body that is nothing but the one input of a model.
   *
   * @throws InferenceException when the model takes more, or the length does not fit its shape
   */
  public InferRequest decodeRaw(byte[] body, ModelMetadata model, TensorAllocator allocator) {
    throw new InferenceException(
        InferenceException.Code.UNSUPPORTED, "raw requests are not supported");
  }

  /**
   * Writes a response in the form that the request asked for.
   *
   * @throws InferenceException when JSON cannot carry a value, such as NaN
   */
  public Encoded encode(InferRequest request, InferResponse response) {
    return new Encoded(Documents.write(json -> ResponseWriter.write(json, response)), -1);
  }

  private static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }
}
