package dev.modelweir.protocol.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes inference responses, with data flat in row-major order. */
final class ResponseWriter {
  private ResponseWriter() {}

  static void write(JsonGenerator json, InferResponse response) throws IOException {
    json.writeStartObject();
    json.writeStringField("model_name", response.modelName());
    json.writeStringField("model_version", response.modelVersion());
    if (response.id() != null) {
      json.writeStringField("id", response.id());
    }
    json.writeArrayFieldStart("outputs");
    for (Tensor tensor : response.outputs()) {
      json.writeStartObject();
      json.writeStringField("name", tensor.name());
      json.writeStringField("datatype", tensor.type().name());
      writeShape(json, tensor.shape());
      json.writeArrayFieldStart("data");
      writeData(json, tensor);
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  static void writeShape(JsonGenerator json, Shape shape) throws IOException {
    json.writeFieldName("shape");
    long[] dims = shape.toArray();
    json.writeArray(dims, 0, dims.length);
  }

  private static void writeData(JsonGenerator json, Tensor tensor) throws IOException {
    ByteBuffer data = tensor.data().duplicate().order(tensor.data().order());
    while (data.hasRemaining()) {
      switch (tensor.type()) {
        case BOOL -> json.writeBoolean(data.get() != 0);
        case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get()));
        case INT8 -> json.writeNumber(data.get());
        case INT16 -> json.writeNumber(data.getShort());
        case INT32 -> json.writeNumber(data.getInt());
        case INT64 -> json.writeNumber(data.getLong());
        case FP32 -> writeFp32(json, tensor, data);
        case FP64 -> writeFp64(json, tensor, data);
        case BYTES -> writeBytes(json, data);
        case UINT16, UINT32, UINT64, FP16, BF16 -> throw cannotCarry(tensor, "datatype");
      }
    }
  }

  private static void writeFp32(JsonGenerator json, Tensor tensor, ByteBuffer data)
      throws IOException {
    float value = data.getFloat();
    if (!Float.isFinite(value)) {
      throw cannotCarry(tensor, "value " + value + ", datatype");
    }
    json.writeNumber(value);
  }

  private static void writeFp64(JsonGenerator json, Tensor tensor, ByteBuffer data)
      throws IOException {
    double value = data.getDouble();
    if (!Double.isFinite(value)) {
      throw cannotCarry(tensor, "value " + value + ", datatype");
    }
    json.writeNumber(value);
  }

  private static void writeBytes(JsonGenerator json, ByteBuffer data) throws IOException {
    byte[] text = new byte[data.getInt()];
    data.get(text);
    json.writeUTF8String(text, 0, text.length);
  }

  private static InferenceException cannotCarry(Tensor tensor, String what) {
    return new InferenceException(
        InferenceException.Code.INTERNAL,
        "output \"%s\" holds %s %s, which JSON cannot carry"
            .formatted(tensor.name(), what, tensor.type()));
  }
}
