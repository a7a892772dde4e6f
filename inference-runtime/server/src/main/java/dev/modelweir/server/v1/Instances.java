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
import java.util.Arrays;
import java.util.HashMap;
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
          // With another charset there would be no offsets; what is not UTF-8 is refused.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final byte[] body;
  private final ModelMetadata model;
  private final Map<String, Column> columns = new HashMap<>();
  private int rows;

  /** Values as they stand in the body: pieces that follow each other, each with one or more. */
  private static final class Column {
    private int[] pieces = new int[2];
    private int size;
    private int firstEnds;

    /**
     * @param firstEnds where the first value of the piece ends
     */
    void add(int from, int to, int firstEnds) {
      if (size == 0) {
        this.firstEnds = firstEnds;
      }
      if (size == pieces.length) {
        pieces = Arrays.copyOf(pieces, 2 * size);
      }
      pieces[size++] = from;
      pieces[size++] = to;
    }

    int count() {
      return size / 2;
    }

    void appendTo(Buffer to, byte[] body) {
      for (int i = 0; i < size; i += 2) {
        to.appendString(i == 0 ? "" : ",");
        to.appendBytes(body, pieces[i], pieces[i + 1] - pieces[i]);
      }
    }
  }

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
        inputs.appendString(separator);
        write(spec, column(spec.name()), inputs);
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
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean instances = json.currentName().equals("instances");
      JsonToken value = json.nextToken();
      if (!instances) {
        json.skipChildren();
      } else if (value == JsonToken.START_ARRAY) {
        readRows(json);
      } else if (value == JsonToken.VALUE_NULL) {
        rows = 0;
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

  private void readRows(JsonParser json) throws IOException {
    columns.clear();
    rows = 0;
    if (json.nextToken() == JsonToken.START_OBJECT) {
      for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
        readObject(json);
        rows++;
      }
    } else if (json.currentToken() != JsonToken.END_ARRAY) {
      readValues(json);
    }
  }

  /** The values of the one input, which already stand beside each other. */
  private void readValues(JsonParser json) throws IOException {
    if (model.inputs().size() != 1) {
      throw invalid(
          "the model takes %s: each of \"instances\" must be an object with these names", names());
    }
    int from = from(json);
    int firstEnds = to(json);
    int to = firstEnds;
    for (rows = 1; json.nextToken() != JsonToken.END_ARRAY; rows++) {
      to = to(json);
    }
    column(model.inputs().getFirst().name()).add(from, to, firstEnds);
  }

  private void readObject(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw invalid("instances[%d] is not an object, instances[0] is", rows);
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (model.inputs().stream().noneMatch(spec -> spec.name().equals(name))) {
        throw invalid(
            "instances[%d] holds the unknown input \"%s\"; the model takes %s",
            rows, name, names());
      }
      json.nextToken();
      Column column = column(name);
      if (column.count() > rows) {
        throw invalid("instances[%d] holds the input \"%s\" twice", rows, name);
      }
      int from = from(json);
      int to = to(json);
      column.add(from, to, to);
    }
    for (TensorSpec spec : model.inputs()) {
      if (column(spec.name()).count() <= rows) {
        throw invalid("instances[%d] has no \"%s\"", rows, spec.name());
      }
    }
  }

  private Column column(String name) {
    return columns.computeIfAbsent(name, key -> new Column());
  }

  /** Where the present value begins. */
  private static int from(JsonParser json) {
    return (int) json.currentTokenLocation().getByteOffset();
  }

  /** Passes over the present value, and tells where it ends. */
  private static int to(JsonParser json) throws IOException {
    json.skipChildren();
    json.finishToken();
    return (int) json.currentLocation().getByteOffset();
  }

  private void write(TensorSpec spec, Column column, Buffer to) throws IOException {
    to.appendString("{\"name\":" + Json.encode(spec.name()));
    to.appendString(",\"datatype\":\"" + spec.type().name() + "\",\"shape\":[" + rows);
    try (JsonParser first =
        JSON.createParser(body, column.pieces[0], column.firstEnds - column.pieces[0])) {
      first.nextToken();
      appendShape(first, to);
    }
    to.appendString("],\"data\":[");
    column.appendTo(to, body);
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
