package dev.modelweir.server;

import dev.modelweir.server.engine.ModelFile;
import dev.modelweir.server.engine.ModelLoader;
import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.TerminationLog;
import dev.modelweir.server.http.Measurements;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Loads the model beside the starting HTTP server, so that the process is live while a large model
 * loads; a model that cannot be served ends the process with the reason.
 */
@Singleton
final class Startup {
  private static final Logger LOG = Logger.getLogger(Startup.class);

  private final ServerConfig config;
  private final Models models;
  private final Measurements measurements;

  Startup(ServerConfig config, Models models, Measurements measurements) {
    this.config = config;
    this.models = models;
    this.measurements = measurements;
  }

  void begin(@Observes StartupEvent event) {
    Thread.ofPlatform().name("model-loader").daemon().start(this::load);
  }

  private void load() {
    try {
      long start = System.nanoTime();
      Path file = ModelFile.find(config.modelPath());
      if (config.modelDigest().isPresent()) {
        ModelFile.checkDigest(file, config.modelDigest().get());
      }
      OnnxModel model = new ModelLoader(config.intraOpThreads()).load(config.modelName(), file);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      measurements.modelLoaded(took);
      models.publish(model);
      LOG.infof(
          "model \"%s\" from %s is ready after %d ms", config.modelName(), file, took.toMillis());
    } catch (ExitException e) {
      TerminationLog log = new TerminationLog(config.terminationLog());
      LOG.error(log.write(e));
      Quarkus.asyncExit(e.reason().code());
    }
  }
}
