package dev.modelweir.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the control loop, all with the label {@code controller}:
 *
 * <ul>
 *   <li>{@code modelweir_reconcile_seconds} histogram, label {@code outcome}
 *   <li>{@code modelweir_reconcile_errors_total}, label {@code error}: the HTTP code of the API
 *       server's answer or the class of the exception
 *   <li>{@code modelweir_reconcile_retries_total}
 *   <li>{@code modelweir_reconcile_queue}: events accepted and not yet taken up
 *   <li>{@code modelweir_reconcile_active}: reconciliations running now
 *   <li>{@code modelweir_reconcile_last_success_timestamp_seconds}
 * </ul>
 */
public final class ReconcileMetrics implements Metrics {

  private final MeterRegistry registry;
  private final Map<String, AtomicInteger> active = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> queued = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> lastSuccess = new ConcurrentHashMap<>();

  public ReconcileMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    Timer.Sample sample = Timer.start(registry);
    String outcome = "success";
    try {
      return execution.execute();
    } catch (Exception e) {
      outcome = "error";
      throw e;
    } finally {
      sample.stop(
          Timer.builder("modelweir.reconcile")
              .description("Duration of one reconciliation")
              .tag("controller", execution.controllerName())
              .tag("outcome", outcome)
              .publishPercentileHistogram()
              .register(registry));
    }
  }

  @Override
  public void reconcileCustomResource(
      HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
    gauge(queued, "modelweir.reconcile.queue", resource).incrementAndGet();
    if (retry != null && retry.getAttemptCount() > 0) {
      registry
          .counter("modelweir.reconcile.retries", "controller", controller(resource))
          .increment();
    }
  }

  @Override
  public void reconciliationExecutionStarted(HasMetadata resource, Map<String, Object> metadata) {
    gauge(queued, "modelweir.reconcile.queue", resource).decrementAndGet();
    gauge(active, "modelweir.reconcile.active", resource).incrementAndGet();
  }

  @Override
  public void reconciliationExecutionFinished(HasMetadata resource, Map<String, Object> metadata) {
    gauge(active, "modelweir.reconcile.active", resource).decrementAndGet();
  }

  @Override
  public void finishedReconciliation(HasMetadata resource, Map<String, Object> metadata) {
    lastSuccess
        .computeIfAbsent(
            controller(resource),
            name -> {
              AtomicLong seconds = new AtomicLong();
              Gauge.builder(
                      "modelweir.reconcile.last.success.timestamp.seconds",
                      seconds,
                      AtomicLong::get)
                  .tag("controller", name)
                  .register(registry);
              return seconds;
            })
        .set(System.currentTimeMillis() / 1000);
  }

  @Override
  public void failedReconciliation(
      HasMetadata resource, Exception failure, Map<String, Object> metadata) {
    registry
        .counter(
            "modelweir.reconcile.errors",
            "controller",
            controller(resource),
            "error",
            error(failure))
        .increment();
  }

  @Override
  public void receivedEvent(Event event, Map<String, Object> metadata) {
    // Counted when taken up: events of one object that arrive together are one piece of work.
  }

  private AtomicInteger gauge(
      Map<String, AtomicInteger> gauges, String name, HasMetadata resource) {
    return gauges.computeIfAbsent(
        controller(resource),
        controller -> {
          AtomicInteger value = new AtomicInteger();
          Gauge.builder(name, value, AtomicInteger::get)
              .tag("controller", controller)
              .register(registry);
          return value;
        });
  }

  private static String controller(HasMetadata resource) {
    return resource.getKind().toLowerCase(Locale.ROOT);
  }

  private static String error(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refused && refused.getCode() > 0) {
        return "http-" + refused.getCode();
      }
    }
    return failure.getClass().getSimpleName();
  }
}
