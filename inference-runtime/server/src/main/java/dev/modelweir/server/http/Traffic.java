package dev.modelweir.server.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts inference requests between their first byte and their answer. */
@Singleton
public final class Traffic {
  /** In HTTP/2's error codes. */
  private static final long NO_ERROR = 0;

  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile long lastChange = System.nanoTime();
  private volatile boolean draining;

  Traffic(MeterRegistry registry) {
    Gauge.builder("modelweir.requests.in.flight", inFlight, AtomicInteger::get)
        .description("Inference requests received and not yet answered.")
        .register(registry);
  }

  public void arrived() {
    inFlight.incrementAndGet();
    lastChange = System.nanoTime();
  }

  public void answered() {
    lastChange = System.nanoTime();
    inFlight.decrementAndGet();
  }

  public int inFlight() {
    return inFlight.get();
  }

  /** From now on clients are asked to go elsewhere. */
  public void drain() {
    lastChange = System.nanoTime();
    draining = true;
  }

  /** Whether clients are asked to go elsewhere. */
  public boolean draining() {
    return draining;
  }

  /**
   * Asks the client of a request, when all are asked to go elsewhere, to make its next ones on
   * another connection; over HTTP/1 before the head of the answer is sent. Those that it has begun
   * meanwhile are still answered, so none is lost.
   */
  public void leaveWhenDraining(HttpServerRequest request) {
    if (!draining) {
      return;
    }
    if (request.version() == HttpVersion.HTTP_2) {
      // The header is forbidden there (RFC 9113, section 8.2.2).
      request.connection().goAway(NO_ERROR, Integer.MAX_VALUE);
    } else {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  /** Whether there has been no request in flight for so long. */
  public boolean idleFor(Duration duration) {
    return inFlight.get() == 0 && System.nanoTime() - lastChange >= duration.toNanos();
  }
}
