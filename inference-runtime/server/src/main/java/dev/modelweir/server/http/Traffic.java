package dev.modelweir.server.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts inference requests between their first byte and their answer. */
@Singleton
public final class Traffic {
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

  /** Whether there has been no request in flight for so long. */
  public boolean idleFor(Duration duration) {
    return inFlight.get() == 0 && System.nanoTime() - lastChange >= duration.toNanos();
  }
}
