package dev.modelweir.server.v1;

import static dev.modelweir.protocol.InferenceException.invalid;
import static java.util.stream.Collectors.joining;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.protocol.rest.RestCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The rows of a request: for a model with one input its values, otherwise objects with a value for
 * each input. They are turned into the columns of the Open Inference Protocol, which knows how to
 * read values of every datatype and how to refuse them.
 */
final class Instances {
  private static final RestCodec CODEC = new RestCodec();

  private Instances() {}

  /**
   * @throws dev.modelweir.protocol.InferenceException naming the row and what is wrong with it
   */
  static InferRequest decode(Buffer body, ModelMetadata model, TensorAllocator memory) {
    JsonArray rows = rows(body);
    JsonArray inputs = new JsonArray();
    if (rows.getValue(0) instanceof JsonObject) {
      checkNames(rows, model);
      model.inputs().forEach(spec -> inputs.add(tensor(spec, column(rows, spec.name()))));
    } else if (model.inputs().size() == 1) {
      inputs.add(tensor(model.inputs().getFirst(), rows));
    } else {
      throw invalid(
          "the model takes %s: each of \"instances\" must be an object with these names",
          names(model));
    }
    byte[] columns = new JsonObject().put("inputs", inputs).toBuffer().getBytes();
    return CODEC.decode(Bytes.all(columns), columns.length, memory);
  }

  private static JsonArray rows(Buffer body) {
    try {
      JsonArray rows = new JsonObject(body).getJsonArray("instances");
      if (rows == null || rows.isEmpty()) {
        throw invalid("\"instances\" is missing or empty");
      }
      return rows;
    } catch (DecodeException e) {
      throw invalid("the body is not a valid JSON object: %s", firstLine(e));
    } catch (ClassCastException e) {
      throw invalid("\"instances\" must be an array of rows");
    }
  }

  private static String firstLine(DecodeException e) {
    String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }

  private static void checkNames(JsonArray rows, ModelMetadata model) {
    for (int i = 0; i < rows.size(); i++) {
      if (!(rows.getValue(i) instanceof JsonObject row)) {
        throw invalid("instances[%d] is not an object, instances[0] is", i);
      }
      for (String name : row.fieldNames()) {
        if (model.inputs().stream().noneMatch(spec -> spec.name().equals(name))) {
          throw invalid(
              "instances[%d] holds the unknown input \"%s\"; the model takes %s",
              i, name, names(model));
        }
      }
    }
  }

  private static JsonArray column(JsonArray rows, String name) {
    JsonArray column = new JsonArray();
    for (int i = 0; i < rows.size(); i++) {
      JsonObject row = rows.getJsonObject(i);
      if (!row.containsKey(name)) {
        throw invalid("instances[%d] has no \"%s\"", i, name);
      }
      column.add(row.getValue(name));
    }
    return column;
  }

  /** The shape is that of the first values at each depth; the reader refuses what differs. */
  private static JsonObject tensor(TensorSpec spec, JsonArray data) {
    JsonArray shape = new JsonArray();
    Object value = data;
    while (value instanceof JsonArray array) {
      shape.add(array.size());
      value = array.isEmpty() ? null : array.getValue(0);
    }
    return new JsonObject()
        .put("name", spec.name())
        .put("datatype", spec.type().name())
        .put("shape", shape)
        .put("data", data);
  }

  private static String names(ModelMetadata model) {
    return model.inputs().stream().map(TensorSpec::name).collect(joining("\", \"", "\"", "\""));
  }
}
