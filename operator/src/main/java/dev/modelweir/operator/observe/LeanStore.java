package dev.modelweir.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a cache of very many objects keeps: of each one only what somebody reads. */
public final class LeanStore<T extends HasMetadata> implements ItemStore<T> {

  private final Map<String, T> objects = new ConcurrentHashMap<>();
  private final UnaryOperator<T> part;

  /**
   * @param part makes the object that is kept, with the name, UID and version of the whole one
   */
  public LeanStore(UnaryOperator<T> part) {
    this.part = part;
  }

  @Override
  public String getKey(T object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  @Override
  public @Nullable T put(String key, T object) {
    return objects.put(key, part.apply(object));
  }

  @Override
  public @Nullable T remove(String key) {
    return objects.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return objects.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return objects.values().stream();
  }

  @Override
  public int size() {
    return objects.size();
  }

  @Override
  public @Nullable T get(String key) {
    return objects.get(key);
  }

  @Override
  public boolean isFullState() {
    return false;
  }
}
