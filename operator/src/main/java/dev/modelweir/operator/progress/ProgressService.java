package dev.modelweir.operator.progress;

import dev.modelweir.operator.OperatorConfig;
import dev.modelweir.operator.apply.SecretStore;
import dev.modelweir.operator.progress.plan.ProgressAddress;
import dev.modelweir.operator.progress.plan.ProgressTarget;
import dev.modelweir.operator.progress.tls.Keys;
import dev.modelweir.operator.progress.tls.SharedKeys;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The progress endpoint in the life of the process. Every replica serves it, leader or not: it
 * writes fields that nobody else writes, and refuses to overwrite what it has not read.
 */
@ApplicationScoped
public class ProgressService implements ProgressAddress {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressService.class);
  private static final Duration KEY_CHECK = Duration.ofHours(1);
  private static final Duration RETRY = Duration.ofSeconds(10);
  private static final Duration TIME_TO_OPEN = Duration.ofMinutes(1);
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(2);
  private static final int LATE = Interceptor.Priority.APPLICATION + 1000;

  private final OperatorConfig config;
  private final KubernetesClient client;
  private final Vertx vertx;
  private final MeterRegistry registry;
  private final ScheduledExecutorService schedule =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress-timer").factory());
  // What is scheduled may wait for the API server, the timer may not.
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final PendingReports pending;
  private @Nullable ProgressServer server;
  private final Clock clock = Clock.systemUTC();
  private volatile Optional<ProgressTarget> target = Optional.empty();
  private volatile Instant openingUntil = Instant.MIN;

  public ProgressService(
      OperatorConfig config, KubernetesClient client, Vertx vertx, MeterRegistry registry) {
    this.config = config;
    this.client = client;
    this.vertx = vertx;
    this.registry = registry;
    this.pending =
        new PendingReports(new Delivery(client, Clock.systemUTC()), this::after, Clock.systemUTC());
  }

  void start(@Observes StartupEvent started) {
    config
        .progress()
        .url()
        .ifPresentOrElse(
            url -> {
              if (!"https".equals(url.getScheme()) || url.getHost() == null) {
                throw new IllegalArgumentException(
                    "MODELWEIR_PROGRESS_URL must be https://HOST:PORT, but is " + url);
              }
              var store = new SecretStore(client, config.namespace(), SharedKeys.SECRET);
              var keys = new SharedKeys(store, url.getHost(), Clock.systemUTC());
              openingUntil = clock.instant().plus(TIME_TO_OPEN);
              after(Duration.ZERO, () -> tend(url, keys));
            },
            () -> LOG.info("no address for progress is configured, so trainings report none"));
  }

  /** After the lease is free: the next leader does not wait for the last reports. */
  void stop(@Observes @Priority(LATE) ShutdownEvent stop) {
    schedule.shutdownNow();
    close();
    try {
      threads.invokeAll(pending.last(), TIME_TO_FINISH.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
  }

  @Override
  public Optional<ProgressTarget> target() {
    return target;
  }

  /** Not for ever: without keys, trainings do without reporting. */
  @Override
  public boolean isOpening() {
    return target.isEmpty() && clock.instant().isBefore(openingUntil);
  }

  @Override
  public boolean flush(String uid) {
    return pending.flush(uid);
  }

  /** Opens the endpoint, keeps its certificate fresh, and comes back until the process ends. */
  private void tend(URI url, SharedKeys shared) {
    Duration pause = RETRY;
    try {
      Keys keys = shared.current();
      serve(keys);
      target = Optional.of(new ProgressTarget(url.toString(), keys.authorityPem()));
      pause = KEY_CHECK;
    } catch (IOException | RuntimeException e) {
      LOG.warn("the progress endpoint cannot open or renew its keys yet: {}", e.toString());
    }
    after(pause, () -> tend(url, shared));
  }

  private synchronized void serve(Keys keys) {
    if (server != null) {
      server.use(keys);
      return;
    }
    var endpoint = new ProgressEndpoint(new Callers(client, Clock.systemUTC()), pending);
    ProgressServer opening =
        new ProgressServer(vertx, config.progress().port(), keys, endpoint, registry);
    LOG.info("trainings report progress at port {}", opening.open());
    server = opening;
  }

  private synchronized void close() {
    if (server != null) {
      server.close();
    }
  }

  private void after(Duration delay, Runnable task) {
    if (!schedule.isShutdown()) {
      schedule.schedule(() -> threads.execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
