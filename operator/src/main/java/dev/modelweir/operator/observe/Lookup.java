package dev.modelweir.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.util.List;
import java.util.Optional;

/**
 * Reads the cache of one type that a reconciler watches, whichever objects it was told about.
 *
 * @param namespace where to look
 */
public record Lookup(Context<?> context, String namespace) {

  /** The object of this name, if the cache has it. */
  public <T extends HasMetadata> Optional<T> named(Class<T> type, String name) {
    return this.<T, Cache<T>>cache(type).get(new ResourceID(name, namespace));
  }

  /** The objects of the namespace that an index has under this word. */
  public <T extends HasMetadata> List<T> indexed(Class<T> type, String index, String word) {
    return this.<T, IndexedResourceCache<T>>cache(type).byIndex(index, key(namespace, word));
  }

  /** The key under which an index holds a word of one namespace. */
  public static String key(String namespace, String word) {
    return namespace + "/" + word;
  }

  @SuppressWarnings("unchecked") // each source holds the class that it is looked up by
  private <T extends HasMetadata, C> C cache(Class<T> type) {
    return (C) context.eventSourceRetriever().getEventSourceFor(type);
  }
}
