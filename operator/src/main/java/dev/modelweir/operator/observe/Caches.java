package dev.modelweir.operator.observe;

import dev.modelweir.operator.apply.WriteListener;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource;
import java.util.Optional;

/**
 * Puts what was just written into the caches. Watches lag, by seconds on a busy machine; without
 * this the next reconciliation would take its own writes for unseen and repeat them.
 *
 * @param context of the reconciliation that writes; it has a cache for each kind that is written
 */
public record Caches(Context<? extends HasMetadata> context) implements WriteListener {

  @Override
  public void wrote(HasMetadata now, Optional<HasMetadata> before) {
    var source = source(now);
    ResourceID id = ResourceID.fromResource(now);
    before.ifPresentOrElse(
        old -> source.handleRecentResourceUpdate(id, now, old),
        () -> source.handleRecentResourceCreate(id, now));
  }

  @SuppressWarnings("unchecked") // each source holds the class that it is looked up by
  private ManagedInformerEventSource<HasMetadata, ?, ?> source(HasMetadata object) {
    var sources = context.eventSourceRetriever();
    Object source =
        context.getControllerConfiguration().getResourceClass().isInstance(object)
            ? sources.getControllerEventSource()
            : sources.getEventSourceFor(object.getClass());
    return (ManagedInformerEventSource<HasMetadata, ?, ?>) source;
  }
}
