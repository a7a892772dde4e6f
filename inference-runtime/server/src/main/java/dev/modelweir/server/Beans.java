package dev.modelweir.server;

import dev.modelweir.server.engine.Device;
import dev.modelweir.server.http.BodyLimits;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.repository.ModelStore;
import dev.modelweir.server.repository.VersionLoader;
import dev.modelweir.server.schedule.QueuePolicy;
import dev.modelweir.server.schedule.Workers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
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
    return new Workers(config.workers().orElse(Math.max(1, cpus / perInference)));
  }

  void close(@Disposes Workers workers) {
    workers.close();
  }

  /** One for all transports: what they hold together must fit. */
  @Produces
  @Singleton
  BodyLimits bodyLimits(ServerConfig config) {
    return BodyLimits.of(config.maxBodySize().asLongValue());
  }

  @Produces
  @Singleton
  ModelRepository models(ServerConfig config, Workers workers, MeterRegistry registry) {
    ModelStore store =
        config
            .modelRepository()
            .<ModelStore>map(ModelStore.Folder::new)
            .orElseGet(() -> new ModelStore.Single(config.modelName(), config.modelPath()));
    var settings =
        new VersionLoader.Settings(
            Device.parse(config.device()),
            config.intraOpThreads(),
            QueuePolicy.of(
                config.maxBatchSize(), config.maxDelay(), config.queueSize(), config.timeout()),
            config.tuning(),
            config.modelDigest());
    ModelRepository models =
        new ModelRepository(
            store,
            new VersionLoader(workers, registry, settings),
            config.memoryLimit().map(MemorySize::asLongValue).orElse(0L));
    Gauge.builder("modelweir.loaded.bytes", models, ModelRepository::loadedBytes)
        .description("Size of all loaded models.")
        .register(registry);
    return models;
  }
}
