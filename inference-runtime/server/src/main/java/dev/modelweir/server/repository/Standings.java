package dev.modelweir.server.repository;

import dev.modelweir.server.repository.ModelRepository.Entry;
import dev.modelweir.server.repository.ModelRepository.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Where each version is in its life, and why: what the index and the refusals say. */
final class Standings {
  /** By name and version; a model's versions are replaced as a whole. */
  private final Map<String, NavigableMap<Long, Standing>> models = new ConcurrentHashMap<>();

  /**
   * @param reason why it is unavailable, for people; empty otherwise
   */
  record Standing(State state, String reason) {
    static final Standing LOADING = new Standing(State.LOADING, "");
    static final Standing READY = new Standing(State.READY, "");

    static Standing unavailable(String reason) {
      return new Standing(State.UNAVAILABLE, reason);
    }
  }

  boolean contains(String name) {
    return models.containsKey(name);
  }

  /** Those of a model's versions; none when nothing is known of it. */
  NavigableMap<Long, Standing> of(String name) {
    return models.getOrDefault(name, Collections.emptyNavigableMap());
  }

  void set(String name, NavigableMap<Long, Standing> versions) {
    models.put(name, versions);
  }

  /** The same for all of these versions, and no others. */
  void set(String name, Collection<Long> versions, Standing standing) {
    NavigableMap<Long, Standing> all = new TreeMap<>();
    versions.forEach(version -> all.put(version, standing));
    set(name, all);
  }

  void forget(String name) {
    models.remove(name);
  }

  /** A line for each version, and one for each model of the store that was never loaded. */
  List<Entry> index(Set<String> stored) {
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new TreeSet<>(stored);
    names.addAll(models.keySet());
    for (String name : names) {
      NavigableMap<Long, Standing> versions = models.get(name);
      if (versions == null) {
        entries.add(new Entry(name, "", State.UNAVAILABLE, "not loaded"));
      } else {
        versions.forEach((version, standing) ->
            entries.add(new Entry(name, version.toString(), standing.state(), standing.reason())));
      }
    }
    return entries;
  }
}
