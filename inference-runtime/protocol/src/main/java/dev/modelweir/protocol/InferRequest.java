package dev.modelweir.protocol;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request for one inference.
 *
 * @param id echoed in the response
 * @param outputs the outputs wanted; empty means all
 * @param parameters of the request as a whole; values are String, Long, Double or Boolean
 */
public record InferRequest(
    @Nullable String id,
    List<Tensor> inputs,
    List<RequestedOutput> outputs,
    Map<String, Object> parameters) {

  /** Whether outputs that do not say otherwise travel as bytes behind the JSON. */
  public boolean binaryOutputs() {
    return Boolean.TRUE.equals(typed("binary_data_output", Boolean.class, "true or false"));
  }

  /** From the schedule policy extension: 1 goes first; 0 is the model's default. */
  public long priority() {
    return number("priority").orElse(0);
  }

  /** From the schedule policy extension: microseconds after which the answer is of no use. */
  public OptionalLong timeoutMicros() {
    return number("timeout");
  }

  private OptionalLong number(String parameter) {
    Long value = typed(parameter, Long.class, "a whole number");
    if (value == null) {
      return OptionalLong.empty();
    }
    if (value < 0) {
      throw InferenceException.invalid(
          "parameter \"%s\" is %d; it must be 0 or more", parameter, value);
    }
    return OptionalLong.of(value);
  }

  private <T> @Nullable T typed(String parameter, Class<T> type, String wanted) {
    Object value = parameters.get(parameter);
    if (value != null && !type.isInstance(value)) {
      throw InferenceException.invalid("parameter \"%s\" must be %s", parameter, wanted);
    }
    return type.cast(value);
  }
}
