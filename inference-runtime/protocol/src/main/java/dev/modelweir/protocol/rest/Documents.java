package dev.modelweir.protocol.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The protocol's small JSON documents, as UTF-8. */
public final class Documents {
  private Documents() {}

  /** {@code {"error": …}}. */
  public static byte[] error(String message) {
    return write(json -> {
      json.writeStartObject();
      json.writeStringField("error", message);
      json.writeEndObject();
    });
  }

  /** The document of {@code GET /v2}. */
  public static byte[] server(String name, String version, List<String> extensions) {
    return write(json -> {
      json.writeStartObject();
      json.writeStringField("name", name);
      json.writeStringField("version", version);
      writeStrings(json, "extensions", extensions);
      json.writeEndObject();
    });
  }

  /** The document of {@code GET /v2/health/live}. */
  public static byte[] live() {
    return write(json -> {
      json.writeStartObject();
      json.writeBooleanField("live", true);
      json.writeEndObject();
    });
  }

  /**
   * The document of {@code GET /v2/health/ready}. The specification's text names the key "ready",
   * its schema "live"; clients exist for both, so both are sent.
   */
  public static byte[] ready(boolean ready) {
    return write(json -> {
      json.writeStartObject();
      json.writeBooleanField("ready", ready);
      json.writeBooleanField("live", ready);
      json.writeEndObject();
    });
  }

  /** The document of {@code GET /v2/models/NAME/ready}. */
  public static byte[] modelReady(String name, boolean ready) {
    return write(json -> {
      json.writeStartObject();
      json.writeStringField("name", name);
      json.writeBooleanField("ready", ready);
      json.writeEndObject();
    });
  }

  /** The document of {@code GET /v2/models/NAME}. */
  public static byte[] model(ModelMetadata model) {
    return write(json -> {
      json.writeStartObject();
      json.writeStringField("name", model.name());
      writeStrings(json, "versions", model.versions());
      json.writeStringField("platform", model.platform());
      writeSpecs(json, "inputs", model.inputs());
      writeSpecs(json, "outputs", model.outputs());
      json.writeEndObject();
    });
  }

  private static void writeSpecs(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name());
      json.writeStringField("datatype", spec.type().name());
      ResponseWriter.writeShape(json, spec.shape());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeStrings(JsonGenerator json, String field, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  @FunctionalInterface
  interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  static byte[] write(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = RestCodec.factory().createGenerator(bytes)) {
      content.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
