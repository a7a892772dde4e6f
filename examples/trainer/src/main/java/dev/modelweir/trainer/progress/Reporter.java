package dev.modelweir.trainer.progress;

/** Takes reports; never fails and never makes the training wait. */
public interface Reporter extends AutoCloseable {
  void report(Report report);

  /** Waits a moment for the last report to arrive. */
  @Override
  void close();

  /** Where nobody asked for reports. */
  static Reporter none() {
    return new Reporter() {
      @Override
      public void report(Report report) {
        // Nobody listens.
      }

      @Override
      public void close() {
        // Nothing is under way.
      }
    };
  }
}
