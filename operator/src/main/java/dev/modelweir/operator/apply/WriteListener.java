package dev.modelweir.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/** Learns of each write, so that the caches can show it before its event comes back. */
@FunctionalInterface
public interface WriteListener {

  /**
   * Called once for each write, before the next one.
   *
   * @param now the object as the API server answered it
   * @param before the object as it was seen before the write, if it existed
   */
  void wrote(HasMetadata now, Optional<HasMetadata> before);
}
