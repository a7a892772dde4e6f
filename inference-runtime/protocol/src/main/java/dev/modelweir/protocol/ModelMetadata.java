package dev.modelweir.protocol;

import static dev.modelweir.protocol.InferenceException.invalid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a model takes and gives. */
public record ModelMetadata(
    String name,
    List<String> versions,
    String platform,
    List<TensorSpec> inputs,
    List<TensorSpec> outputs) {

  /**
   * Checks that the request fits: every input present once, known, with the right datatype and a
   * shape that the signature allows, and only known outputs asked for.
   *
   * @return the request's inputs in the order of the signature
   * @throws InferenceException with {@link InferenceException.Code#INVALID} naming the first misfit
   */
  public List<Tensor> arrange(InferRequest request) {
    for (RequestedOutput output : request.outputs()) {
      if (placeOfOutput(output.name()) < 0) {
        throw invalid(
            "output \"%s\" is unknown; the model gives %s", output.name(), names(outputs));
      }
    }
    List<Tensor> given = request.inputs();
    if (!inOrder(given)) {
      given = sorted(given);
    }
    for (int i = 0; i < inputs.size(); i++) {
      check(inputs.get(i), given.get(i));
    }
    return given;
  }

  /** Place of an output in the signature, or -1. */
  public int placeOfOutput(String name) {
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private boolean inOrder(List<Tensor> given) {
    if (given.size() != inputs.size()) {
      return false;
    }
    for (int i = 0; i < given.size(); i++) {
      if (!given.get(i).name().equals(inputs.get(i).name())) {
        return false;
      }
    }
    return true;
  }

  private List<Tensor> sorted(List<Tensor> given) {
    Map<String, Tensor> byName = new HashMap<>();
    for (Tensor tensor : given) {
      if (byName.put(tensor.name(), tensor) != null) {
        throw invalid("input \"%s\" is given twice", tensor.name());
      }
    }
    List<Tensor> sorted = new ArrayList<>(inputs.size());
    for (TensorSpec spec : inputs) {
      Tensor tensor = byName.remove(spec.name());
      if (tensor == null) {
        throw invalid("input \"%s\" is missing; the model takes %s", spec.name(), names(inputs));
      }
      sorted.add(tensor);
    }
    for (String unknown : byName.keySet()) {
      throw invalid("input \"%s\" is unknown; the model takes %s", unknown, names(inputs));
    }
    return sorted;
  }

  private static void check(TensorSpec spec, Tensor tensor) {
    if (tensor.type() != spec.type()) {
      throw invalid(
          "input \"%s\" has datatype %s, the model takes %s",
          spec.name(), tensor.type(), spec.type());
    }
    if (!spec.shape().accepts(tensor.shape())) {
      throw invalid(
          "input \"%s\" has shape %s, the model takes %s",
          spec.name(), tensor.shape(), spec.shape());
    }
  }

  private static String names(List<TensorSpec> specs) {
    return specs.stream().map(TensorSpec::name).collect(Collectors.joining("\", \"", "\"", "\""));
  }
}
