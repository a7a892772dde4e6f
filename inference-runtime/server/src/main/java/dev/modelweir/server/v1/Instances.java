package dev.modelweir.server.v1;

import static dev.modelweir.protocol.InferenceException.invalid;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.protocol.rest.RestCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a request: for a model with one input its values, otherwise objects with a value for
 * each input. Their text is rearranged into the columns of the Open Inference Protocol, which knows
 * how to read values of every datatype and how to refuse them; no number is read here, so none is
 * rounded twice.
 */
final class Instances {
  private static final RestCodec CODEC = new RestCodec();

  /** The body is bounded as a whole, and its numbers and texts are passed over. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final byte[] body;
  private final ModelMetadata model;
  private final Map<String, List<Slice>> columns = new HashMap<>();
  private @Nullable Boolean objects;

  /** A value as it stands in the body. */
  private record Slice(int from, int to) {}

  private Instances(byte[] body, ModelMetadata model) {
    this.body = body;
    this.model = model;
  }

  /**
   * @throws dev.modelweir.protocol.InferenceException naming the row and what is wrong with it
   */
  static InferRequest decode(Buffer body, ModelMetadata model, TensorAllocator memory) {
    byte[] columns = new Instances(body.getBytes(), model).columns();
    return CODEC.decode(Bytes.all(columns), columns.length, memory);
  }

  private byte[] columns() {
    try (JsonParser json = JSON.createParser(body)) {
      readBody(json);
      Buffer inputs = Buffer.buffer(body.length + 256).appendString("{\"inputs\":[");
      String separator = "";
      for (TensorSpec spec : model.inputs()) {
        List<Slice> column = columns.getOrDefault(spec.name(), List.of());
        inputs.appendString(separator);
        write(spec, column, inputs);
        separator = ",";
      }
      return inputs.appendString("]}").getBytes();
    } catch (JsonProcessingException e) {
      throw notAnObject(firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private static RuntimeException notAnObject(String why) {
    return invalid("the body is not a valid JSON object: %s", why);
  }

  private static String firstLine(@Nullable String message) {
    String line = String.valueOf(message).lines().findFirst().orElse("");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }

  private void readBody(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw notAnObject("it does not begin with {");
    }
    int rows = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean instances = json.currentName().equals("instances");
      JsonToken value = json.nextToken();
      if (!instances || value == JsonToken.VALUE_NULL) {
        json.skipChildren();
      } else if (value == JsonToken.START_ARRAY) {
        rows = readRows(json);
      } else {
        throw invalid("\"instances\" must be an array of rows");
      }
    }
    if (json.nextToken() != null) {
      throw notAnObject("something follows it");
    }
    if (rows == 0) {
      throw invalid("\"instances\" is missing or empty");
    }
  }

  private int readRows(JsonParser json) throws IOException {
    columns.clear();
    objects = null;
    int rows = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      boolean object = json.currentToken() == JsonToken.START_OBJECT;
      if (objects == null) {
        objects = object;
      }
      if (objects) {
        readObject(json, rows);
      } else if (model.inputs().size() == 1) {
        column(model.inputs().getFirst().name()).add(slice(json));
      } else {
        throw invalid(
            "the model takes %s: each of \"instances\" must be an object with these names",
            names());
      }
      rows++;
    }
    return rows;
  }

  private void readObject(JsonParser json, int row) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw invalid("instances[%d] is not an object, instances[0] is", row);
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (model.inputs().stream().noneMatch(spec -> spec.name().equals(name))) {
        throw invalid(
            "instances[%d] holds the unknown input \"%s\"; the model takes %s", row, name, names());
      }
      json.nextToken();
      List<Slice> column = column(name);
      if (column.size() > row) {
        throw invalid("instances[%d] holds the input \"%s\" twice", row, name);
      }
      column.add(slice(json));
    }
    for (TensorSpec spec : model.inputs()) {
      if (column(spec.name()).size() <= row) {
        throw invalid("instances[%d] has no \"%s\"", row, spec.name());
      }
    }
  }

  private List<Slice> column(String name) {
    return columns.computeIfAbsent(name, key -> new ArrayList<>());
  }

  /** Passes over a value. */
  private static Slice slice(JsonParser json) throws IOException {
    int from = (int) json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    json.finishToken();
    return new Slice(from, (int) json.currentLocation().getByteOffset());
  }

  private void write(TensorSpec spec, List<Slice> column, Buffer to) throws IOException {
    to.appendString("{\"name\":" + Json.encode(spec.name()));
    to.appendString(",\"datatype\":\"" + spec.type().name() + "\",\"shape\":[" + column.size());
    Slice first = column.getFirst();
    try (JsonParser json = JSON.createParser(body, first.from(), first.to() - first.from())) {
      json.nextToken();
      appendShape(json, to);
    }
    to.appendString("],\"data\":[");
    for (int i = 0; i < column.size(); i++) {
      Slice slice = column.get(i);
      to.appendString(i == 0 ? "" : ",");
      to.appendBytes(body, slice.from(), slice.to() - slice.from());
    }
    to.appendString("]}");
  }

  /** The shape is that of the first values at each depth; the reader refuses what differs. */
  private static void appendShape(JsonParser json, Buffer to) throws IOException {
    int depth = 0;
    while (json.currentToken() == JsonToken.START_ARRAY) {
      json.nextToken();
      depth++;
    }
    // Outwards again, counting the first value of each array and what follows it.
    int[] extents = new int[depth];
    for (int i = depth - 1; i >= 0; i--) {
      extents[i] = i == depth - 1 ? 0 : 1;
      while (json.currentToken() != JsonToken.END_ARRAY) {
        json.skipChildren();
        json.nextToken();
        extents[i]++;
      }
      json.nextToken();
    }
    IntStream.of(extents).forEach(extent -> to.appendString("," + extent));
  }

  private String names() {
    return model.inputs().stream().map(TensorSpec::name).collect(joining("\", \"", "\"", "\""));
  }
}
