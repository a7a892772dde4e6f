package dev.modelweir.image.training;

import java.io.IOException;
import java.util.Map;

/**
 * Makes an application do what it will do in production, so that the classes it loads then are in
 * its AOT cache.
 */
public interface Training extends AutoCloseable {
  /** Environment variables the application is started with. */
  Map<String, String> environment() throws IOException;

  /**
   * Exercises the running application; it is told to end (SIGTERM) afterwards.
   *
   * @throws dev.modelweir.image.ImageException when it does not do what it should
   */
  void drive(Workload workload) throws IOException, InterruptedException;

  /** Ends what the training itself had started. */
  @Override
  default void close() {}
}
