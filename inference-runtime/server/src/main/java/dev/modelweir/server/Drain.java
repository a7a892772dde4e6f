package dev.modelweir.server;

import dev.modelweir.server.http.Traffic;
import dev.modelweir.server.repository.ModelRepository;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;
import sun.misc.Signal;

/**
 * On SIGTERM, keeps the server answering until clients have gone elsewhere: readiness is withdrawn
 * and every answer asks to close the connection, but nothing is refused. Then the process ends.
 *
 * <p>This takes the signal itself instead of waiting for the JVM's shutdown hooks, because ONNX
 * Runtime registers one that releases its environment at once: an inference that still runs would
 * crash the process.
 */
@Singleton
final class Drain {
  private static final Logger LOG = Logger.getLogger(Drain.class);

  /** Below the pod's grace period. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Clients learn of the end with a delay; this long without a request means they have. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private static final Duration POLL = Duration.ofMillis(20);

  /** What a process ends with that SIGTERM ended. */
  private static final int TERMINATED = 143;

  private final Traffic traffic;
  private final ModelRepository models;

  Drain(Traffic traffic, ModelRepository models) {
    this.traffic = traffic;
    this.models = models;
  }

  void begin(@Observes StartupEvent event) {
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      Signal.handle(new Signal("TERM"), signal -> end());
      Signal.handle(new Signal("INT"), signal -> end());
    }
  }

  private void end() {
    traffic.drain();
    boolean quiet = untilQuiet();
    if (quiet) {
      LOG.info("drained");
    } else {
      LOG.warnf("ending at once with %d requests unanswered", traffic.inFlight());
    }
    if (quiet && !models.busy()) {
      Quarkus.asyncExit(0);
    } else {
      // The native code is busy, with loading or with an inference: leave it no time to crash.
      Runtime.getRuntime().halt(quiet ? 0 : TERMINATED);
    }
  }

  private boolean untilQuiet() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < LONGEST.toNanos()) {
      if (traffic.idleFor(QUIET)) {
        return true;
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        return false;
      }
    }
    return false;
  }
}
