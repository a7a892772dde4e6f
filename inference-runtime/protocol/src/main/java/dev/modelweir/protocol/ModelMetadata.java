package dev.modelweir.protocol;

import static dev.modelweir.protocol.InferenceException.invalid;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
   * @throws InferenceException with {@link InferenceException.Code#INVALID} naming the first misfit
   */
  public void check(InferRequest request) {
    Map<String, Tensor> given = new HashMap<>();
    for (Tensor tensor : request.inputs()) {
      if (given.put(tensor.name(), tensor) != null) {
        throw invalid("input \"%s\" is given twice", tensor.name());
      }
    }
    for (TensorSpec spec : inputs) {
      checkInput(spec, given.remove(spec.name()));
    }
    for (String unknown : given.keySet()) {
      throw invalid("input \"%s\" is unknown; the model takes %s", unknown, names(inputs));
    }
    for (String output : request.outputs()) {
      if (outputs.stream().noneMatch(spec -> spec.name().equals(output))) {
        throw invalid("output \"%s\" is unknown; the model gives %s", output, names(outputs));
      }
    }
  }

  private void checkInput(TensorSpec spec, @Nullable Tensor tensor) {
    if (tensor == null) {
      throw invalid("input \"%s\" is missing; the model takes %s", spec.name(), names(inputs));
    }
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
