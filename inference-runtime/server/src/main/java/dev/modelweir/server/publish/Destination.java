package dev.modelweir.server.publish;

import dev.modelweir.server.exit.ExitException;

/** A place that keeps models by their digest. */
interface Destination extends AutoCloseable {
  /** Where a service gets the model, with all that belongs to it. */
  String uri(Artifact artifact);

  /**
   * Stores all of it or, as far as a reader of the model file can tell, nothing.
   *
   * @return false when the same model was there already; nothing is changed then
   * @throws ExitException when it cannot be stored
   */
  boolean put(Artifact artifact) throws ExitException;

  @Override
  default void close() {}
}
