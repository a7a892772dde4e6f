package dev.modelweir.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  // Sets of objects, not counters: one that is deleted while it waits is never taken up.
  private final Map<String, Set<ResourceID>> active = new ConcurrentHashMap<>();
  private final Map<String, Set<ResourceID>> queued = new ConcurrentHashMap<>();
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
    objects(queued, "modelweir.reconcile.queue", resource).add(id(resource));
    if (retry != null && retry.getAttemptCount() > 0) {
      registry
          .counter("modelweir.reconcile.retries", "controller", controller(resource))
          .increment();
    }
  }

  @Override
  public void reconciliationExecutionStarted(HasMetadata resource, Map<String, Object> metadata) {
    objects(queued, "modelweir.reconcile.queue", resource).remove(id(resource));
    objects(active, "modelweir.reconcile.active", resource).add(id(resource));
  }

  @Override
  public void reconciliationExecutionFinished(HasMetadata resource, Map<String, Object> metadata) {
    objects(active, "modelweir.reconcile.active", resource).remove(id(resource));
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

  @Override
  public void cleanupDoneFor(ResourceID deleted, Map<String, Object> metadata) {
    queued.values().forEach(objects -> objects.remove(deleted));
    active.values().forEach(objects -> objects.remove(deleted));
  }

  private Set<ResourceID> objects(
      Map<String, Set<ResourceID>> byController, String gauge, HasMetadata resource) {
    return byController.computeIfAbsent(
        controller(resource),
        controller -> {
          Set<ResourceID> objects = ConcurrentHashMap.newKeySet();
          Gauge.builder(gauge, objects, Set::size).tag("controller", controller).register(registry);
          return objects;
        });
  }

  private static ResourceID id(HasMetadata resource) {
    return ResourceID.fromResource(resource);
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
