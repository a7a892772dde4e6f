package dev.modelweir.operator.inferenceservice;

import dev.modelweir.api.v1alpha1.InferenceService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource;
import java.util.Optional;

/**
 * Puts what was just written into the caches. Watches lag, by seconds on a busy machine; without
 * this the next reconciliation would take its own writes for unseen and repeat them.
 */
final class Caches {

  private Caches() {}

  static void remember(
      HasMetadata now, Optional<HasMetadata> before, Context<InferenceService> context) {
    var source = source(now, context);
    ResourceID id = ResourceID.fromResource(now);
    before.ifPresentOrElse(
        old -> source.handleRecentResourceUpdate(id, now, old),
        () -> source.handleRecentResourceCreate(id, now));
  }

  @SuppressWarnings("unchecked") // each source holds the class that it is looked up by
  private static ManagedInformerEventSource<HasMetadata, ?, ?> source(
      HasMetadata object, Context<InferenceService> context) {
    Object source =
        object instanceof InferenceService
            ? context.eventSourceRetriever().getControllerEventSource()
            : context.eventSourceRetriever().getEventSourceFor(object.getClass());
    return (ManagedInformerEventSource<HasMetadata, ?, ?>) source;
  }
}
