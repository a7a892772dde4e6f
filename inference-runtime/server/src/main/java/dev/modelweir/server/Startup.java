package dev.modelweir.server;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.exit.TerminationLog;
import dev.modelweir.server.repository.ModelRepository;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Loads the models beside the starting HTTP server, so that the process is live while a large model
 * loads. The one model of a pod that cannot be served ends the process with the reason, as does a
 * repository that is not there; of one that is, the others are served.
 */
@Singleton
final class Startup {
  private static final Logger LOG = Logger.getLogger(Startup.class);

  private final ServerConfig config;
  private final ModelRepository models;

  Startup(ServerConfig config, ModelRepository models) {
    this.config = config;
    this.models = models;
  }

  void begin(@Observes StartupEvent event) {
    LOG.infof("models are computed on %s", config.device());
    Thread.ofPlatform().name("model-start").daemon().start(this::load);
  }

  private void load() {
    Optional<Path> repository = config.modelRepository();
    if (repository.isPresent() && !Files.isDirectory(repository.get())) {
      end(
          new ExitException(
              ExitReason.ModelNotFound,
              "the model repository %s is no folder".formatted(repository.get())));
      return;
    }
    try {
      Optional<ExitException> failure = models.start(config.load() == ServerConfig.Load.ALL);
      if (repository.isEmpty()) {
        failure.ifPresent(this::end);
      }
    } catch (RuntimeException e) {
      LOG.error("the models cannot be looked for", e);
      end(
          new ExitException(
              ExitReason.ModelLoadFailed,
              "the models cannot be looked for: %s".formatted(e.getMessage())));
    }
  }

  private void end(ExitException why) {
    TerminationLog log = new TerminationLog(config.terminationLog());
    LOG.error(log.write(why));
    Quarkus.asyncExit(why.reason().code());
  }
}
