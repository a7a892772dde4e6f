package dev.modelweir.server.v1;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/**
 * Writes outputs as rows: for a model with one output its values, nested as its shape says,
 * otherwise objects with a value for each output.
 */
final class Predictions {
  private static final JsonFactory JSON = new JsonFactory();

  private Predictions() {}

  /**
   * @throws InferenceException when several outputs do not agree on the number of rows, or JSON
   *     cannot carry a value, such as NaN
   */
  static byte[] encode(InferResponse response) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeFieldName("predictions");
      write(json, response.outputs());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, List<Tensor> outputs) throws IOException {
    if (outputs.size() == 1) {
      new Values(json, outputs.getFirst()).nested(0);
      return;
    }
    long rows = rows(outputs);
    List<Values> columns = outputs.stream().map(output -> new Values(json, output)).toList();
    json.writeStartArray();
    for (long row = 0; row < rows; row++) {
      json.writeStartObject();
      for (Values column : columns) {
        json.writeFieldName(column.tensor.name());
        column.nested(1);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static long rows(List<Tensor> outputs) {
    long rows = -1;
    for (Tensor output : outputs) {
      long own = output.shape().rank() == 0 ? -1 : output.shape().dim(0);
      if (own < 0 || (rows >= 0 && own != rows)) {
        throw new InferenceException(
            Code.UNSUPPORTED,
            "output \"%s\" has shape %s, which holds no row for each instance; use /v2"
                .formatted(output.name(), output.shape()));
      }
      rows = own;
    }
    return rows;
  }

  /** The values of one tensor, written one after the other. */
  private static final class Values {
    private final JsonGenerator json;
    private final Tensor tensor;
    private final ByteBuffer data;

    Values(JsonGenerator json, Tensor tensor) {
      this.json = json;
      this.tensor = tensor;
      this.data = tensor.data().duplicate().order(tensor.data().order());
    }

    /** What is at the current position, below so many outer extents. */
    void nested(int depth) throws IOException {
      if (depth == tensor.shape().rank()) {
        value();
        return;
      }
      json.writeStartArray();
      for (long i = 0; i < tensor.shape().dim(depth); i++) {
        nested(depth + 1);
      }
      json.writeEndArray();
    }

    private void value() throws IOException {
      switch (tensor.type()) {
        case BOOL -> json.writeBoolean(data.get() != 0);
        case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get()));
        case UINT16 -> json.writeNumber(Short.toUnsignedInt(data.getShort()));
        case UINT32 -> json.writeNumber(Integer.toUnsignedLong(data.getInt()));
        case UINT64 -> json.writeNumber(new BigInteger(Long.toUnsignedString(data.getLong())));
        case INT8 -> json.writeNumber(data.get());
        case INT16 -> json.writeNumber(data.getShort());
        case INT32 -> json.writeNumber(data.getInt());
        case INT64 -> json.writeNumber(data.getLong());
        case FP16 -> finite(Float.float16ToFloat(data.getShort()));
        case BF16 -> finite(Float.intBitsToFloat(data.getShort() << Short.SIZE));
        case FP32 -> finite(data.getFloat());
        case FP64 -> finite(data.getDouble());
        case BYTES -> {
          int length = data.getInt();
          json.writeString(text(data.slice(data.position(), length)));
          data.position(data.position() + length);
        }
      }
    }

    private String text(ByteBuffer bytes) {
      try {
        return UTF_8.newDecoder().decode(bytes).toString();
      } catch (CharacterCodingException e) {
        throw cannotCarry("bytes that are not UTF-8");
      }
    }

    private void finite(float value) throws IOException {
      if (!Float.isFinite(value)) {
        throw cannotCarry("the value " + value);
      }
      json.writeNumber(value);
    }

    private void finite(double value) throws IOException {
      if (!Double.isFinite(value)) {
        throw cannotCarry("the value " + value);
      }
      json.writeNumber(value);
    }

    private InferenceException cannotCarry(String what) {
      return InferenceException.invalid(
          "output \"%s\" holds %s, which JSON cannot carry; ask for binary data at"
              + " /v2/models/NAME/infer",
          tensor.name(), what);
    }
  }
}
