package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the outer document of a request; each tensor is left to {@link TensorReader}. */
final class RequestReader {
  private static final int MAX_TENSORS = 1024;

  private final JsonParser parser;
  private final byte[] body;
  private final TensorAllocator allocator;

  RequestReader(JsonParser parser, byte[] body, TensorAllocator allocator) {
    this.parser = parser;
    this.body = body;
    this.allocator = allocator;
  }

  InferRequest read() throws IOException {
    String id = null;
    List<Tensor> inputs = null;
    List<RequestedOutput> outputs = List.of();
    Map<String, Object> parameters = Map.of();
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw invalid("the body must be a JSON object with \"inputs\"");
    }
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      switch (field) {
        case "id" -> id = value == JsonToken.VALUE_NULL ? null : text("id", value);
        case "inputs" -> inputs = inputs(value);
        case "outputs" -> outputs = outputs(value);
        case "parameters" -> parameters = parameters(value);
        default -> parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw invalid("the body holds more than one JSON document");
    }
    if (inputs == null) {
      throw invalid("\"inputs\" is missing");
    }
    return new InferRequest(id, inputs, outputs, parameters);
  }

  private List<Tensor> inputs(@Nullable JsonToken value) throws IOException {
    expect(value, JsonToken.START_ARRAY, "\"inputs\" must be an array of tensors");
    List<Tensor> inputs = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser.currentToken(), JsonToken.START_OBJECT, "each input must be an object");
      inputs.add(new TensorReader(parser, body, allocator).read());
      checkCount(inputs);
    }
    return inputs;
  }

  private List<RequestedOutput> outputs(@Nullable JsonToken value) throws IOException {
    expect(value, JsonToken.START_ARRAY, "\"outputs\" must be an array of objects with a name");
    List<RequestedOutput> outputs = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser.currentToken(), JsonToken.START_OBJECT, "each output must be an object");
      String name = null;
      for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        if (field.equals("name")) {
          name = text("name", token);
        } else {
          parser.skipChildren();
        }
      }
      if (name == null) {
        throw invalid("an entry of \"outputs\" has no \"name\"");
      }
      outputs.add(RequestedOutput.of(name));
      checkCount(outputs);
    }
    return outputs;
  }

  private Map<String, Object> parameters(@Nullable JsonToken value) throws IOException {
    expect(value, JsonToken.START_OBJECT, "\"parameters\" must be an object");
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      parameters.put(
          field,
          switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> throw invalid("parameter \"%s\" must be a string, number or boolean", field);
          });
    }
    return parameters;
  }

  private String text(String field, @Nullable JsonToken token) throws IOException {
    expect(token, JsonToken.VALUE_STRING, "\"" + field + "\" must be a string");
    return parser.getText();
  }

  private static void checkCount(List<?> list) {
    if (list.size() > MAX_TENSORS) {
      throw invalid("more than %d tensors in one request", MAX_TENSORS);
    }
  }

  private static void expect(@Nullable JsonToken actual, JsonToken wanted, String otherwise) {
    if (actual != wanted) {
      throw invalid("%s", otherwise);
    }
  }
}
