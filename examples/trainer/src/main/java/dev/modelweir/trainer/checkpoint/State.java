package dev.modelweir.trainer.checkpoint;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * All that a training needs to go on from here.
 *
 * @param identity of data and settings; a state of other ones is of no use
 * @param step how many steps are done
 * @param velocity of the optimizer
 */
public record State(String identity, long step, double[] parameters, double[] velocity) {
  private static final int MAGIC = 0x4d574331;

  public byte[] toBytes() {
    byte[] name = identity.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer =
        ByteBuffer.allocate(
            3 * Integer.BYTES + Long.BYTES + name.length + 2 * Double.BYTES * parameters.length);
    buffer.putInt(MAGIC).putInt(name.length).put(name).putLong(step).putInt(parameters.length);
    for (double number : parameters) {
      buffer.putDouble(number);
    }
    for (double number : velocity) {
      buffer.putDouble(number);
    }
    return buffer.array();
  }

  /**
   * @throws IOException when these are no such bytes
   */
  public static State of(byte[] bytes) throws IOException {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      if (buffer.getInt() != MAGIC) {
        throw new IOException("it is no state of this program");
      }
      byte[] name = new byte[bounded(buffer.getInt(), bytes.length)];
      buffer.get(name);
      long step = buffer.getLong();
      double[] parameters = new double[bounded(buffer.getInt(), bytes.length)];
      double[] velocity = new double[parameters.length];
      read(buffer, parameters);
      read(buffer, velocity);
      return new State(new String(name, StandardCharsets.UTF_8), step, parameters, velocity);
    } catch (BufferUnderflowException e) {
      throw new IOException("it ends too early", e);
    }
  }

  private static int bounded(int length, int most) throws IOException {
    if (length < 0 || length > most) {
      throw new IOException("it is no state of this program");
    }
    return length;
  }

  private static void read(ByteBuffer buffer, double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = buffer.getDouble();
    }
  }
}
