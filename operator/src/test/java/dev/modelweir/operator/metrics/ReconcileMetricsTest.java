package dev.modelweir.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modelweir.api.v1alpha1.InferenceService;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.monitoring.Metrics.ControllerExecution;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReconcileMetricsTest {

  private static final InferenceService IRIS = new InferenceService();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ReconcileMetrics metrics = new ReconcileMetrics(registry);

  @Test
  void timesEachReconciliationByItsOutcome() throws Exception {
    assertThat(metrics.timeControllerExecution(execution(null))).isEqualTo("done");
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> metrics.timeControllerExecution(execution(new IllegalStateException())));
    assertThat(registry.get("modelweir.reconcile").tag("outcome", "success").timer().count())
        .isEqualTo(1);
    assertThat(registry.get("modelweir.reconcile").tag("outcome", "error").timer().count())
        .isEqualTo(1);
  }

  @Test
  void queueAndActiveRiseAndFall() {
    metrics.reconcileCustomResource(IRIS, null, Map.of());
    metrics.reconcileCustomResource(IRIS, null, Map.of());
    metrics.reconcileCustomResource(named("rose"), null, Map.of());
    assertThat(gauge("modelweir.reconcile.queue")).isEqualTo(2);
    metrics.reconciliationExecutionStarted(IRIS, Map.of());
    assertThat(gauge("modelweir.reconcile.queue")).isEqualTo(1);
    assertThat(gauge("modelweir.reconcile.active")).isEqualTo(1);
    metrics.reconciliationExecutionFinished(IRIS, Map.of());
    assertThat(gauge("modelweir.reconcile.active")).isZero();
  }

  @Test
  void anObjectThatIsDeletedWhileItWaitsLeavesTheQueue() {
    metrics.reconcileCustomResource(named("rose"), null, Map.of());
    metrics.cleanupDoneFor(new ResourceID("rose"), Map.of());
    assertThat(gauge("modelweir.reconcile.queue")).isZero();
  }

  @Test
  void countsRetriesButNotFirstAttempts() {
    metrics.reconcileCustomResource(IRIS, null, Map.of());
    metrics.reconcileCustomResource(IRIS, retry(0), Map.of());
    metrics.reconcileCustomResource(IRIS, retry(1), Map.of());
    metrics.reconcileCustomResource(IRIS, retry(2), Map.of());
    assertThat(registry.get("modelweir.reconcile.retries").counter().count()).isEqualTo(2);
  }

  @Test
  void countsErrorsByTheAnswerOfTheApiServerOrTheClass() {
    var conflict = new KubernetesClientException("no", 409, null);
    metrics.failedReconciliation(IRIS, new OperatorException(conflict), Map.of());
    metrics.failedReconciliation(IRIS, new IllegalStateException(), Map.of());
    metrics.failedReconciliation(IRIS, new KubernetesClientException("no network"), Map.of());
    assertThat(registry.find("modelweir.reconcile.errors").counters())
        .extracting(counter -> counter.getId().getTag("error"))
        .containsExactlyInAnyOrder(
            "http-409", "IllegalStateException", "KubernetesClientException");
  }

  @Test
  void remembersTheLastSuccess() {
    metrics.finishedReconciliation(IRIS, Map.of());
    assertThat(gauge("modelweir.reconcile.last.success.timestamp.seconds")).isPositive();
  }

  /** One label value per object would grow without end. */
  @Test
  void noMeterNamesAnObject() {
    InferenceService named = named("secret-project");
    metrics.reconcileCustomResource(named, retry(1), Map.of());
    metrics.reconciliationExecutionStarted(named, Map.of());
    metrics.failedReconciliation(named, new IllegalStateException(), Map.of());
    metrics.finishedReconciliation(named, Map.of());
    assertThat(registry.getMeters())
        .flatExtracting((Meter meter) -> meter.getId().getTags())
        .extracting(Tag::getKey)
        .containsOnly("controller", "error");
  }

  private double gauge(String name) {
    return registry.get(name).tag("controller", "inferenceservice").gauge().value();
  }

  private static RetryInfo retry(int attempts) {
    return new RetryInfo() {
      @Override
      public int getAttemptCount() {
        return attempts;
      }

      @Override
      public boolean isLastAttempt() {
        return false;
      }
    };
  }

  private static ControllerExecution<String> execution(RuntimeException failure) {
    return new ControllerExecution<>() {
      @Override
      public String name() {
        return "reconcile";
      }

      @Override
      public String controllerName() {
        return "inferenceservice";
      }

      @Override
      public String successTypeName(String result) {
        return result;
      }

      @Override
      public ResourceID resourceID() {
        return new ResourceID("iris", "default");
      }

      @Override
      public Map<String, Object> metadata() {
        return Map.of();
      }

      @Override
      public String execute() {
        if (failure != null) {
          throw failure;
        }
        return "done";
      }
    };
  }

  private static InferenceService named(String name) {
    InferenceService isvc = new InferenceService();
    isvc.getMetadata().setName(name);
    return isvc;
  }
}
