package dev.modelweir.server;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings; {@code modelName} is the environment variable MODELWEIR_MODEL_NAME, and so on. */
@ConfigMapping(prefix = "modelweir")
public interface ServerConfig {
  /** The name under which clients ask for the model. */
  @WithDefault("model")
  String modelName();

  /** The model file, or a folder that holds it. */
  @WithDefault("/mnt/models")
  Path modelPath();

  /** {@code sha256:HEX} that the model file must have. */
  Optional<String> modelDigest();

  @WithDefault("/dev/termination-log")
  Path terminationLog();

  /** Largest request body; larger ones are answered with 413. */
  @WithDefault("64M")
  MemorySize maxBodySize();

  /** Requests that may wait for a worker; further ones are answered with 503. */
  @WithDefault("256")
  int queueSize();

  /** Threads that one inference uses. */
  @WithDefault("1")
  int intraOpThreads();

  /** Inferences at the same time; by default as many as the CPUs of the container allow. */
  OptionalInt workers();
}
