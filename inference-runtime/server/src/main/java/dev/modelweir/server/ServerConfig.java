package dev.modelweir.server;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
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

  /** A folder with many models, {@code NAME/VERSION/model.onnx}, in place of the one model. */
  Optional<Path> modelRepository();

  /** What is loaded at start. */
  @WithDefault("all")
  Load load();

  /** Which models are loaded when the server starts. */
  enum Load {
    /** Every model that is there. */
    ALL,
    /** None; they are loaded by request. */
    EXPLICIT
  }

  /** Memory that loaded models may take together before the least recently used ones leave. */
  Optional<MemorySize> memoryLimit();

  /** Where models compute: {@code cpu}, {@code cuda} or {@code cuda:N}. */
  @WithDefault("cpu")
  String device();

  /** Time after which no larger batch of a model is measured when it is loaded. */
  @WithDefault("500ms")
  Duration tuning();

  /** {@code sha256:HEX} that the model file must have. */
  Optional<String> modelDigest();

  @WithDefault("/dev/termination-log")
  Path terminationLog();

  /** One more port for gRPC alone; the port of REST answers gRPC as well. */
  OptionalInt grpcPort();

  /** Largest request body or gRPC message; larger ones are answered with 413. */
  @WithDefault("64M")
  MemorySize maxBodySize();

  /** Most rows in one run; a model's own configuration, here and below, goes first. */
  @WithDefault("64")
  int maxBatchSize();

  /** How long a run may wait for more requests although a worker is free. */
  @WithDefault("0ms")
  Duration maxDelay();

  /** Requests of one model that may wait for a worker; further ones are answered with 503. */
  @WithDefault("256")
  int queueSize();

  /** Time that a request without its own deadline has for its answer; zero means any. */
  @WithDefault("0ms")
  Duration timeout();

  /** Threads that one inference uses; 0 lets each model have what suits it best. */
  @WithDefault("0")
  int intraOpThreads();

  /** Inferences at the same time; by default as many as the CPUs of the container allow. */
  OptionalInt workers();
}
