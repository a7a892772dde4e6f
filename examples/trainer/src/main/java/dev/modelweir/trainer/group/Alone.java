package dev.modelweir.trainer.group;

/** The only worker. */
public record Alone() implements Group {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public byte[] share(byte[] bytes) {
    return bytes;
  }

  @Override
  public boolean add(long[] numbers, boolean stop) {
    return stop;
  }

  @Override
  public void close() {
    // There is nobody to leave.
  }
}
