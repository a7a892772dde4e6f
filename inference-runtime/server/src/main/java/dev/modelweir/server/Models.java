package dev.modelweir.server;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.server.engine.OnnxModel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models this process serves: one, once it is loaded. */
@Singleton
public final class Models {
  private static final String VERSION = "1";

  private final String name;
  private volatile @Nullable OnnxModel model;

  @Inject
  Models(ServerConfig config) {
    this(config.modelName());
  }

  Models(String name) {
    this.name = name;
  }

  void publish(OnnxModel loaded) {
    model = loaded;
  }

  /** Whether every model is loaded and has answered. */
  public boolean ready() {
    return model != null;
  }

  /** Whether clients may ask for this model and version at all, loaded or not. */
  public boolean knows(String name, @Nullable String version) {
    return name.equals(this.name) && (version == null || version.equals(VERSION));
  }

  /** The model when it is {@link #knows known} and loaded. */
  public Optional<OnnxModel> find(String name, @Nullable String version) {
    return knows(name, version) ? Optional.ofNullable(model) : Optional.empty();
  }

  /**
   * The model of that name and version.
   *
   * @throws InferenceException NOT_FOUND when there is none, UNAVAILABLE while it is loading
   */
  public OnnxModel require(String name, @Nullable String version) {
    if (!knows(name, version)) {
      throw new InferenceException(
          InferenceException.Code.NOT_FOUND,
          version == null
              ? "model \"%s\" is unknown; this server has \"%s\"".formatted(name, this.name)
              : "model \"%s\" version \"%s\" is unknown; this server has \"%s\" version \"%s\""
                  .formatted(name, version, this.name, VERSION));
    }
    return find(name, version)
        .orElseThrow(() ->
            new InferenceException(
                InferenceException.Code.UNAVAILABLE, "model \"" + name + "\" is loading"));
  }
}
