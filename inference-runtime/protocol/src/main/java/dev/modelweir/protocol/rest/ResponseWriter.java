package dev.modelweir.protocol.rest;

import dev.modelweir.protocol.Classification;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.rest.RestCodec.Encoded;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes inference responses: data in JSON flat in row-major order, or as bytes behind it. */
final class ResponseWriter {
  /** Bytes of JSON for an element, to begin with; more than most take. */
  private static final int USUAL = 12;

  private static final int ENVELOPE = 512;

  private ResponseWriter() {}

  static Encoded write(InferRequest request, InferResponse response) {
    boolean binaryOutputs = request.binaryOutputs();
    List<Tensor> behind = new ArrayList<>();
    JsonWriter json = new JsonWriter(capacity(response));
    json.raw("{\"model_name\":").string(response.modelName());
    json.raw(",\"model_version\":").string(response.modelVersion());
    if (response.id() != null) {
      json.raw(",\"id\":").string(response.id());
    }
    json.raw(",\"outputs\":[");
    String separator = "";
    for (Tensor output : response.outputs()) {
      RequestedOutput wanted = wanted(request, output.name());
      Tensor tensor = wanted.classes() > 0 ? Classification.of(output, wanted.classes()) : output;
      json.raw(separator).raw("{\"name\":").string(tensor.name());
      json.raw(",\"datatype\":\"").raw(tensor.type().name()).raw("\",\"shape\":");
      shape(json, tensor.shape());
      boolean binary = wanted.binary() == null ? binaryOutputs : wanted.binary();
      if (binary) {
        json.raw(",\"parameters\":{\"binary_data_size\":");
        json.number(tensor.data().limit()).raw("}}");
        behind.add(tensor);
      } else {
        json.raw(",\"data\":[");
        data(json, tensor);
        json.endElements().raw("}");
      }
      separator = ",";
    }
    json.raw("]}");
    return behind.isEmpty() ? new Encoded(json.toBytes(0), -1) : withTail(json, behind);
  }

  private static Encoded withTail(JsonWriter json, List<Tensor> behind) {
    long total = 0;
    for (Tensor tensor : behind) {
      total += tensor.data().limit();
    }
    byte[] bytes = json.toBytes(total);
    int at = json.length();
    for (Tensor tensor : behind) {
      tensor.data().get(0, bytes, at, tensor.data().limit());
      at += tensor.data().limit();
    }
    return new Encoded(bytes, json.length());
  }

  private static int capacity(InferResponse response) {
    long capacity = ENVELOPE;
    for (Tensor tensor : response.outputs()) {
      int each = Math.max(1, tensor.type().size());
      capacity += ENVELOPE + (long) tensor.data().limit() / each * USUAL;
    }
    return (int) Math.min(capacity, Integer.MAX_VALUE / 2);
  }

  private static RequestedOutput wanted(InferRequest request, String name) {
    for (RequestedOutput output : request.outputs()) {
      if (output.name().equals(name)) {
        return output;
      }
    }
    return RequestedOutput.of(name);
  }

  static void shape(JsonWriter json, Shape shape) {
    json.raw("[");
    for (int i = 0; i < shape.rank(); i++) {
      json.raw(i == 0 ? "" : ",").number(shape.dim(i));
    }
    json.raw("]");
  }

  private static void data(JsonWriter json, Tensor tensor) {
    ByteBuffer data = tensor.data().duplicate().order(tensor.data().order());
    data.position(0);
    if (tensor.type() == DataType.BYTES) {
      strings(json, tensor, data);
      return;
    }
    while (data.hasRemaining()) {
      switch (tensor.type()) {
        case BOOL -> json.elementBool(data.get() != 0);
        case UINT8 -> json.elementSigned(Byte.toUnsignedInt(data.get()));
        case UINT16 -> json.elementSigned(Short.toUnsignedInt(data.getShort()));
        case UINT32 -> json.elementSigned(Integer.toUnsignedLong(data.getInt()));
        case UINT64 -> json.elementUnsigned(data.getLong());
        case INT8 -> json.elementSigned(data.get());
        case INT16 -> json.elementSigned(data.getShort());
        case INT32 -> json.elementSigned(data.getInt());
        case INT64 -> json.elementSigned(data.getLong());
        case FP16 -> {
          short bits = data.getShort();
          checkFinite(tensor, Float.float16ToFloat(bits));
          json.elementFp16(bits);
        }
        case BF16 -> {
          short bits = data.getShort();
          checkFinite(tensor, Float.intBitsToFloat(bits << 16));
          json.elementBf16(bits);
        }
        case FP32 -> {
          float value = data.getFloat();
          checkFinite(tensor, value);
          json.elementFp32(value);
        }
        case FP64 -> {
          double value = data.getDouble();
          checkFinite(tensor, value);
          json.elementFp64(value);
        }
        case BYTES -> throw new IllegalStateException("strings are written by themselves");
      }
    }
  }

  private static void strings(JsonWriter json, Tensor tensor, ByteBuffer data) {
    for (int i = 0; data.hasRemaining(); i++) {
      int length = data.getInt();
      if (!json.elementUtf8(data, data.position(), length)) {
        throw InferenceException.invalid(
            "output \"%s\": element %d is not UTF-8, which JSON cannot carry; ask for binary data"
                + " (\"binary_data\": true)",
            tensor.name(), i);
      }
      data.position(data.position() + length);
    }
  }

  private static void checkFinite(Tensor tensor, double value) {
    if (!Double.isFinite(value)) {
      throw InferenceException.invalid(
          "output \"%s\" holds value %s, datatype %s, which JSON cannot carry; ask for binary data"
              + " (\"binary_data\": true)",
          tensor.name(), value, tensor.type());
    }
  }
}
