package dev.modelweir.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Watches what carries the label of one kind, and nothing else, and reads it from the caches.
 *
 * @param primary the kind
 * @param label the label; its value is the name of the object that something was made for
 * @param <P> the kind
 */
public record LabelledChildren<P extends HasMetadata>(Class<P> primary, String label) {

  /** Objects that a list brings at once: what has been read of them need not be held together. */
  public static final long PAGE = 500;

  /** A watch of everything of one type that carries the label. */
  public <T extends HasMetadata> EventSource<T, P> watch(
      Class<T> type, EventSourceContext<P> context) {
    return new InformerEventSource<>(labelled(type).build(), context);
  }

  /**
   * The same for what there may be very many of.
   *
   * @param part what the cache keeps of each, as {@link LeanStore} does
   */
  public <T extends HasMetadata> EventSource<T, P> watch(
      Class<T> type, UnaryOperator<T> part, EventSourceContext<P> context) {
    var configuration = labelled(type);
    // The caches of several namespaces cannot share a store: each drops what its list does not
    // have.
    if (context.getControllerConfiguration().getInformerConfig().watchAllNamespaces()) {
      configuration.withItemStore(new LeanStore<>(part));
    }
    return new InformerEventSource<>(configuration.build(), context);
  }

  private <T extends HasMetadata> InformerEventSourceConfiguration.Builder<T> labelled(
      Class<T> type) {
    return InformerEventSourceConfiguration.from(type, primary)
        .withLabelSelector(label)
        .withSecondaryToPrimaryMapper(this::primaryOf)
        .withNamespacesInheritedFromController()
        .withInformerListLimit(PAGE);
  }

  /** The objects of these types that this very object owns. */
  public List<HasMetadata> ownedBy(
      P object, List<Class<? extends HasMetadata>> types, Context<P> context) {
    String uid = object.getMetadata().getUid();
    List<HasMetadata> owned = new ArrayList<>();
    for (Class<? extends HasMetadata> type : types) {
      context
          .getSecondaryResourcesAsStream(type)
          .filter(child -> child.getOwnerReferenceFor(uid).isPresent())
          .forEach(owned::add);
    }
    return owned;
  }

  private Set<ResourceID> primaryOf(HasMetadata child) {
    String name = child.getMetadata().getLabels().get(label);
    return Set.of(new ResourceID(name, child.getMetadata().getNamespace()));
  }
}
