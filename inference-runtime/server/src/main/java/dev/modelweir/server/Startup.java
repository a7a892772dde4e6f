package dev.modelweir.server;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.TerminationLog;
import dev.modelweir.server.repository.ModelRepository;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Loads the models beside the starting HTTP server, so that the process is live while a large model
 * loads. The one model of a pod that cannot be served ends the process with the reason; of a whole
 * repository the others are served.
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
    boolean all = config.load() == ServerConfig.Load.ALL;
    Optional<ExitException> failure = models.start(all);
    if (failure.isPresent() && config.modelRepository().isEmpty()) {
      TerminationLog log = new TerminationLog(config.terminationLog());
      LOG.error(log.write(failure.get()));
      Quarkus.asyncExit(failure.get().reason().code());
    }
  }
}
