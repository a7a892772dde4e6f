package dev.modelweir.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One output that a request asks for.
 *
 * @param binary whether the REST answer should carry its data as bytes behind the JSON; null leaves
 *     that to the whole request's {@code binary_data_output}
 * @param classes 0 for the tensor itself; otherwise so many of its greatest values, each with its
 *     place, as the classification extension defines it
 */
public record RequestedOutput(String name, @Nullable Boolean binary, int classes) {
  /** The tensor itself, in the form that the request as a whole asks for. */
  public static RequestedOutput of(String name) {
    return new RequestedOutput(name, null, 0);
  }
}
