package dev.modelweir.server.v1;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.server.repository.LoadRequest;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.repository.ServedVersion;
import java.util.concurrent.CompletableFuture;

/** Finds models for protocols that must know the signature before they can make a request. */
public final class Models {
  private Models() {}

  /**
   * The highest version that is served; one that was unloaded to make room is loaded first.
   *
   * @throws InferenceException when there is no such model, or it is not loaded
   */
  public static CompletableFuture<ServedVersion> find(ModelRepository models, String name) {
    models.check(name, null);
    try {
      return CompletableFuture.completedFuture(models.require(name, null));
    } catch (InferenceException away) {
      return models.load(name, LoadRequest.PLAIN).thenApply(loaded -> models.require(name, null));
    }
  }
}
