package dev.modelweir.protocol.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.modelweir.protocol.InferCodec;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Inference requests and responses as plain JSON; tensors of type FP16 and BF16 have no JSON form.
 */
public final class JsonInferCodec implements InferCodec {
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

  @Override
  public InferRequest decode(byte[] body, TensorAllocator allocator) {
    try (JsonParser parser = JSON.createParser(body)) {
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

  @Override
  public byte[] encode(InferResponse response) {
    return Documents.write(json -> ResponseWriter.write(json, response));
  }

  private static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }
}
