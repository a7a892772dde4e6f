package dev.modelweir.image.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Writes a {@code ModelInferRequest} of the Open Inference Protocol, field by field as Protocol
 * Buffers encode it. It saves the build the generated classes, which the server does not use
 * either.
 */
final class InferMessage {
  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /**
   * One input in {@code raw_input_contents}.
   *
   * @param data the elements, little-endian
   */
  static byte[] of(String model, String input, String datatype, int[] shape, byte[] data) {
    InferMessage tensor = new InferMessage().field(1, input).field(2, datatype);
    for (int extent : shape) {
      tensor.number(3 << 3 | VARINT).number(extent);
    }
    return new InferMessage()
        .field(1, model)
        .field(5, tensor.bytes.toByteArray())
        .field(7, data)
        .bytes
        .toByteArray();
  }

  private InferMessage field(int number, String text) {
    return field(number, text.getBytes(UTF_8));
  }

  private InferMessage field(int number, byte[] content) {
    number(number << 3 | BYTES).number(content.length);
    bytes.writeBytes(content);
    return this;
  }

  private InferMessage number(int value) {
    for (int rest = value; ; rest >>>= 7) {
      if (rest < 0x80) {
        bytes.write(rest);
        return this;
      }
      bytes.write(rest & 0x7f | 0x80);
    }
  }
}
