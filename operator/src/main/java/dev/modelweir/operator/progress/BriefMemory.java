package dev.modelweir.operator.progress;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers values for a while, and only so many: the oldest goes first. Reading does not renew.
 *
 * @param <K> what values are found by
 * @param <V> what is remembered
 */
final class BriefMemory<K, V> {

  private final Duration time;
  private final int size;
  private final InstantSource clock;
  private final Map<K, Entry<V>> entries = new LinkedHashMap<>(); // the oldest first

  private record Entry<V>(V value, Instant until) {}

  BriefMemory(Duration time, int size, InstantSource clock) {
    this.time = time;
    this.size = size;
    this.clock = clock;
  }

  synchronized Optional<V> find(K key) {
    Entry<V> entry = entries.get(key);
    return entry == null || isOver(entry) ? Optional.empty() : Optional.of(entry.value);
  }

  synchronized void remember(K key, V value) {
    entries.remove(key);
    Iterator<Entry<V>> oldest = entries.values().iterator();
    while (oldest.hasNext() && (isOver(oldest.next()) || entries.size() >= size)) {
      oldest.remove();
    }
    entries.put(key, new Entry<>(value, clock.instant().plus(time)));
  }

  private boolean isOver(Entry<V> entry) {
    return !clock.instant().isBefore(entry.until);
  }
}
