package dev.modelweir.server;

import dev.modelweir.server.engine.Workers;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Objects that know nothing of the container, made from the configuration. */
final class Beans {
  @Produces
  @Singleton
  Workers workers(ServerConfig config) {
    int cpus = Runtime.getRuntime().availableProcessors();
    int perInference = Math.max(1, config.intraOpThreads());
    return new Workers(
        config.workers().orElse(Math.max(1, cpus / perInference)), config.queueSize());
  }

  void close(@Disposes Workers workers) {
    workers.close();
  }
}
