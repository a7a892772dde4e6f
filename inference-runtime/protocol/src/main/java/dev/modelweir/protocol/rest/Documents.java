package dev.modelweir.protocol.rest;

import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.TensorSpec;
import java.util.List;

/** The protocol's small JSON documents, as UTF-8. */
public final class Documents {
  private static final int USUAL = 512;

  private Documents() {}

  /** {@code {"error": …}}. */
  public static byte[] error(String message) {
    return new JsonWriter(USUAL).raw("{\"error\":").string(message).raw("}").toBytes(0);
  }

  /** The document of {@code GET /v2}. */
  public static byte[] server(String name, String version, List<String> extensions) {
    JsonWriter json = new JsonWriter(USUAL);
    json.raw("{\"name\":").string(name).raw(",\"version\":").string(version);
    strings(json.raw(",\"extensions\":"), extensions);
    return json.raw("}").toBytes(0);
  }

  /** The document of {@code GET /v2/health/live}. */
  public static byte[] live() {
    return new JsonWriter(USUAL).raw("{\"live\":true}").toBytes(0);
  }

  /**
   * The document of {@code GET /v2/health/ready}. The specification's text names the key "ready",
   * its schema "live"; clients exist for both, so both are sent.
   */
  public static byte[] ready(boolean ready) {
    String value = String.valueOf(ready);
    JsonWriter json = new JsonWriter(USUAL);
    return json.raw("{\"ready\":").raw(value).raw(",\"live\":").raw(value).raw("}").toBytes(0);
  }

  /** The document of {@code GET /v2/models/NAME/ready}. */
  public static byte[] modelReady(String name, boolean ready) {
    JsonWriter json = new JsonWriter(USUAL).raw("{\"name\":").string(name);
    return json.raw(",\"ready\":").raw(String.valueOf(ready)).raw("}").toBytes(0);
  }

  /** The document of {@code GET /v2/models/NAME}. */
  public static byte[] model(ModelMetadata model) {
    JsonWriter json = new JsonWriter(USUAL).raw("{\"name\":").string(model.name());
    strings(json.raw(",\"versions\":"), model.versions());
    json.raw(",\"platform\":").string(model.platform());
    specs(json.raw(",\"inputs\":"), model.inputs());
    specs(json.raw(",\"outputs\":"), model.outputs());
    return json.raw("}").toBytes(0);
  }

  private static void specs(JsonWriter json, List<TensorSpec> specs) {
    String separator = "[";
    for (TensorSpec spec : specs) {
      json.raw(separator).raw("{\"name\":").string(spec.name());
      json.raw(",\"datatype\":\"").raw(spec.type().name()).raw("\",\"shape\":");
      ResponseWriter.shape(json, spec.shape());
      json.raw("}");
      separator = ",";
    }
    json.raw(specs.isEmpty() ? "[]" : "]");
  }

  private static void strings(JsonWriter json, List<String> values) {
    String separator = "[";
    for (String value : values) {
      json.raw(separator).string(value);
      separator = ",";
    }
    json.raw(values.isEmpty() ? "[]" : "]");
  }
}
