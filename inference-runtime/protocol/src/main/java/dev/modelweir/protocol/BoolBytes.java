package dev.modelweir.protocol;

import java.nio.ByteBuffer;

/** The elements of a BOOL tensor, a byte each, as they come from outside. */
public final class BoolBytes {
  private BoolBytes() {}

  /**
   * Checks that each is 0 or 1: the engine may take any other byte for both true and false.
   *
   * @param input the name of the tensor
   * @throws InferenceException naming the first that is not
   */
  public static void check(String input, ByteBuffer data) {
    for (int i = 0; i < data.limit(); i++) {
      byte value = data.get(i);
      if (value != 0 && value != 1) {
        throw InferenceException.invalid(
            "input \"%s\": element %d is %d, datatype BOOL needs 0 or 1",
            input, i, Byte.toUnsignedInt(value));
      }
    }
  }
}
