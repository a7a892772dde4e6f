package dev.modelweir.server.repository;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is served: read by every request, and replaced as a whole by the one thread that loads. */
final class Published {
  private volatile Map<String, NavigableMap<Long, ServedVersion>> models = Map.of();

  /** A model's versions, of which there is at least one, or none when it is not served. */
  NavigableMap<Long, ServedVersion> versions(String name) {
    return models.getOrDefault(name, Collections.emptyNavigableMap());
  }

  Set<String> names() {
    return models.keySet();
  }

  boolean contains(String name) {
    return models.containsKey(name);
  }

  /** The highest version when none is named. */
  Optional<ServedVersion> find(String name, @Nullable String version) {
    NavigableMap<Long, ServedVersion> versions = models.get(name);
    if (versions == null) {
      return Optional.empty();
    }
    return version == null || version.isEmpty()
        ? Optional.of(versions.lastEntry().getValue())
        : number(version).map(versions::get);
  }

  /** Empty for what can name no version. */
  static Optional<Long> number(String version) {
    try {
      return Optional.of(Long.valueOf(version));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The versions of each model. */
  Collection<NavigableMap<Long, ServedVersion>> models() {
    return models.values();
  }

  Stream<ServedVersion> all() {
    return models().stream().flatMap(versions -> versions.values().stream());
  }

  /** Memory that all take, as far as it can be told. */
  long bytes() {
    return bytes(all());
  }

  static long bytes(Stream<ServedVersion> versions) {
    return versions.mapToLong(ServedVersion::bytes).sum();
  }

  /**
   * From now on new requests go to these versions; those they replace are retired.
   *
   * @param versions none takes the model out of use
   */
  void replace(String name, NavigableMap<Long, ServedVersion> versions) {
    NavigableMap<Long, ServedVersion> old = versions(name);
    Map<String, NavigableMap<Long, ServedVersion>> next = new HashMap<>(models);
    if (versions.isEmpty()) {
      next.remove(name);
    } else {
      next.put(name, versions);
    }
    models = next;
    retire(old, versions);
  }

  /**
   * Lets versions end.
   *
   * @param successors some may take over their names and statistics
   */
  static void retire(
      NavigableMap<Long, ServedVersion> versions, NavigableMap<Long, ServedVersion> successors) {
    versions.forEach((version, it) -> it.retire(!successors.containsKey(version)));
  }
}
