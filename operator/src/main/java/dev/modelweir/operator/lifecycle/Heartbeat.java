package dev.modelweir.operator.lifecycle;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.api.config.informer.Field;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Proves that reconciling works without writing anything: the leader renews its lease every few
 * seconds anyway, and each renewal comes back through the same watch, queue and threads that an
 * InferenceService takes.
 */
@ApplicationScoped
@ControllerConfiguration(
    name = "lease",
    generationAwareEventProcessing = false,
    informer = @Informer(fieldSelector = @Field(path = "metadata.name", value = Leadership.LEASE)))
public class Heartbeat implements Reconciler<Lease> {

  private volatile long lastBeat = System.nanoTime();

  @Override
  public UpdateControl<Lease> reconcile(Lease lease, Context<Lease> context) {
    begin();
    return UpdateControl.noUpdate();
  }

  void begin() {
    lastBeat = System.nanoTime();
  }

  /** Time since the last sign of life. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - lastBeat);
  }
}
