package dev.modelweir.server;

import dev.modelweir.server.http.Traffic;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * On SIGTERM, keeps the server answering until clients have gone elsewhere: readiness is withdrawn
 * and every answer asks to close the connection, but nothing is refused.
 */
@Singleton
final class Drain {
  private static final Logger LOG = Logger.getLogger(Drain.class);

  /** Below the pod's grace period. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Clients learn of the end with a delay; this long without a request means they have. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private static final Duration POLL = Duration.ofMillis(20);

  private final Traffic traffic;
  private final Models models;

  Drain(Traffic traffic, Models models) {
    this.traffic = traffic;
    this.models = models;
  }

  /** Quarkus closes the listener when this returns. */
  void drain(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
    traffic.drain();
    if (!models.ready()) {
      return;
    }
    long start = System.nanoTime();
    while (!traffic.idleFor(QUIET)) {
      if (System.nanoTime() - start > LONGEST.toNanos()) {
        LOG.warnf("ending with %d requests unanswered after %s", traffic.inFlight(), LONGEST);
        return;
      }
      Thread.sleep(POLL);
    }
    LOG.info("drained");
  }
}
