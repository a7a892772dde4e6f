package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;
import static dev.modelweir.protocol.rest.JsonScanner.shortened;

import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the outer document of a request; each tensor is left to {@link TensorReader}. */
final class RequestReader {
  private static final int MAX_TENSORS = 1024;
  private static final int MAX_PARAMETERS = 1024;

  private final JsonScanner json;
  private final BinaryTail tail;
  private final TensorAllocator allocator;

  RequestReader(JsonScanner json, BinaryTail tail, TensorAllocator allocator) {
    this.json = json;
    this.tail = tail;
    this.allocator = allocator;
  }

  InferRequest read() {
    String id = null;
    List<Tensor> inputs = null;
    List<RequestedOutput> outputs = null;
    Map<String, Object> parameters = null;
    if (json.peek() != '{') {
      throw invalid("the body must be a JSON object with \"inputs\"");
    }
    for (String key = json.firstKey(); key != null; key = json.nextKey()) {
      // What is optional may also be given as null.
      switch (key) {
        case "id" -> {
          once(id != null, key);
          id = json.takeIfNext("null") ? null : text("id");
        }
        case "inputs" -> {
          once(inputs != null, key);
          inputs = inputs();
        }
        case "outputs" -> {
          once(outputs != null, key);
          outputs = json.takeIfNext("null") ? null : outputs();
        }
        case "parameters" -> {
          once(parameters != null, key);
          parameters = json.takeIfNext("null") ? null : parameters();
        }
        default -> json.skip();
      }
    }
    if (json.peek() != JsonScanner.END) {
      throw invalid("the body holds more than one JSON document");
    }
    if (inputs == null) {
      throw invalid("\"inputs\" is missing");
    }
    tail.finish();
    InferRequest request =
        new InferRequest(
            id,
            inputs,
            outputs == null ? List.of() : outputs,
            parameters == null ? Map.of() : parameters);
    request.binaryOutputs(); // refuses a wrong value before the work is done
    return request;
  }

  private List<Tensor> inputs() {
    expect('[', "\"inputs\" must be an array of tensors");
    List<Tensor> inputs = new ArrayList<>();
    for (boolean more = json.firstElement(); more; more = json.nextElement()) {
      expect('{', "each input must be an object");
      inputs.add(new TensorReader(json, tail, allocator).read());
      checkCount(inputs);
    }
    return inputs;
  }

  private List<RequestedOutput> outputs() {
    expect('[', "\"outputs\" must be an array of objects with a name");
    List<RequestedOutput> outputs = new ArrayList<>();
    for (boolean more = json.firstElement(); more; more = json.nextElement()) {
      expect('{', "each output must be an object");
      outputs.add(output());
      checkCount(outputs);
    }
    return outputs;
  }

  private RequestedOutput output() {
    String name = null;
    Map<String, Object> parameters = null;
    for (String key = json.firstKey(); key != null; key = json.nextKey()) {
      switch (key) {
        case "name" -> {
          once(name != null, key);
          name = text("name");
        }
        case "parameters" -> {
          once(parameters != null, key);
          parameters = json.takeIfNext("null") ? null : parameters();
        }
        default -> json.skip();
      }
    }
    if (name == null) {
      throw invalid("an entry of \"outputs\" has no \"name\"");
    }
    return parameters == null ? RequestedOutput.of(name) : withParameters(name, parameters);
  }

  private static RequestedOutput withParameters(String name, Map<String, Object> parameters) {
    Object binary = parameters.get("binary_data");
    if (binary != null && !(binary instanceof Boolean)) {
      throw invalid(
          "output \"%s\": parameter \"binary_data\" must be true or false", shortened(name));
    }
    Object classes = parameters.get("classification");
    if (classes == null) {
      return new RequestedOutput(name, (Boolean) binary, 0);
    }
    if (!(classes instanceof Long count) || count < 1) {
      throw invalid(
          "output \"%s\": parameter \"classification\" must be a whole number, 1 or more",
          shortened(name));
    }
    return new RequestedOutput(name, (Boolean) binary, (int) Math.min(count, Integer.MAX_VALUE));
  }

  private Map<String, Object> parameters() {
    expect('{', "\"parameters\" must be an object");
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (String key = json.firstKey(); key != null; key = json.nextKey()) {
      if (parameters.put(key, parameter(key)) != null) {
        throw invalid("parameter \"%s\" is given twice", shortened(key));
      }
      if (parameters.size() > MAX_PARAMETERS) {
        throw invalid("more than %d parameters in one place", MAX_PARAMETERS);
      }
    }
    return parameters;
  }

  private Object parameter(String name) {
    if (json.peek() == '"') {
      return json.string().text();
    }
    if (json.takeIfNext("true")) {
      return true;
    }
    if (json.takeIfNext("false")) {
      return false;
    }
    int at = json.position();
    JsonNumber number = json.numberIfNext();
    if (number == null) {
      throw invalid("parameter \"%s\" must be a string, number or boolean", shortened(name));
    }
    if (number.isWithin(Long.MIN_VALUE, Long.MAX_VALUE)) {
      return number.integer();
    }
    double value = number.fp64();
    if (number.isInteger() || Double.isInfinite(value)) {
      throw invalid(
          "parameter \"%s\" is %s, out of range", shortened(name), json.text(at, json.position()));
    }
    return value;
  }

  private String text(String field) {
    expect('"', "\"" + field + "\" must be a string");
    return json.string().text();
  }

  private static void once(boolean again, String key) {
    if (again) {
      throw invalid("\"%s\" is given twice", key);
    }
  }

  private static void checkCount(List<?> list) {
    if (list.size() > MAX_TENSORS) {
      throw invalid("more than %d tensors in one request", MAX_TENSORS);
    }
  }

  private void expect(char first, String otherwise) {
    if (json.peek() != first) {
      throw invalid("%s", otherwise);
    }
  }
}
