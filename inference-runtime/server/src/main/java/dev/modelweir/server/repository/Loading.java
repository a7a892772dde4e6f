package dev.modelweir.server.repository;

import dev.modelweir.server.engine.ModelFile;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.metrics.ModelStatistics;
import dev.modelweir.server.repository.ModelRepository.State;
import dev.modelweir.server.repository.Standings.Standing;
import dev.modelweir.server.schedule.QueuePolicy;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes models into use and out of it, one after the other: not for several threads. Of the
 * versions that the policy chooses, those that cannot be loaded are passed over in favour of older
 * ones; but what is served already stays as it is then.
 */
final class Loading {
  private static final Logger LOG = Logger.getLogger(Loading.class);

  private final ModelStore store;
  private final VersionLoader loader;
  private final long memoryLimit;
  private final Published published;
  private final Standings standings;
  private final Evicted evicted;

  /**
   * @param memoryLimit as in {@link ModelRepository}
   */
  Loading(
      ModelStore store,
      VersionLoader loader,
      long memoryLimit,
      Published published,
      Standings standings,
      Evicted evicted) {
    this.store = store;
    this.loader = loader;
    this.memoryLimit = memoryLimit;
    this.published = published;
    this.standings = standings;
    this.evicted = evicted;
  }

  /** Loads a model from the store. */
  void load(String name) throws ExitException {
    load(name, null, null);
  }

  /**
   * @param ownConfig instead of the store's
   * @param ownFiles by version, instead of the store's
   */
  void load(String name, @Nullable String ownConfig, @Nullable NavigableMap<Long, Path> ownFiles)
      throws ExitException {
    NavigableMap<Long, ServedVersion> fresh = new TreeMap<>();
    NavigableMap<Long, Standing> broken = new TreeMap<>();
    NavigableMap<Long, Standing> before = standings.of(name);
    try {
      ModelConfig config =
          loader.config(name, ownConfig == null ? store.config(name).orElse("{}") : ownConfig);
      loadVersions(name, config, ownFiles == null ? store.versions(name) : ownFiles, fresh, broken);
    } catch (ExitException e) {
      giveUp(name, fresh, before, broken, e.getMessage());
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.errorf(e, "model \"%s\" cannot be loaded", name);
      giveUp(name, fresh, before, broken, e.toString());
      throw loader.unexpected(name, e);
    }
    published.replace(name, fresh);
    evicted.remove(name);
    fresh.keySet().forEach(version -> broken.put(version, Standing.READY));
    standings.set(name, broken);
  }

  /** Takes a model out of use: no new request reaches it. */
  void withdraw(String name, String reason) {
    NavigableMap<Long, ?> known =
        published.contains(name) ? published.versions(name) : standings.of(name);
    published.replace(name, new TreeMap<>());
    standings.set(name, known.keySet(), Standing.unavailable(reason));
    LOG.infof("model \"%s\": %s", name, reason);
  }

  /**
   * @param fresh receives the versions that were loaded
   * @param broken receives those that were not, and why
   */
  private void loadVersions(
      String name,
      ModelConfig config,
      NavigableMap<Long, Path> found,
      NavigableMap<Long, ServedVersion> fresh,
      NavigableMap<Long, Standing> broken)
      throws ExitException {
    if (found.isEmpty()) {
      throw loader.notFound(name);
    }
    NavigableMap<Long, Path> usable = new TreeMap<>(found);
    ExitException first = null;
    for (Long version = next(config, usable, fresh);
        version != null;
        version = next(config, usable, fresh)) {
      standings.set(name, whileLoading(name, config, usable, broken));
      try {
        Path file = ModelFile.find(Objects.requireNonNull(usable.get(version)));
        fresh.put(version, loadVersion(name, version, file, config, fresh));
      } catch (ExitException e) {
        first = first == null ? e : first;
        broken.put(version, Standing.unavailable(e.getMessage()));
        if (published.contains(name)) {
          throw e;
        }
        usable.remove(version);
        LOG.warnf("model \"%s\" version %d is passed over: %s", name, version, e.getMessage());
      }
    }
    if (fresh.isEmpty()) {
      throw first == null ? loader.noVersion(name, found.keySet()) : first;
    }
  }

  /** The highest version that is still to be loaded, or null. */
  private static @Nullable Long next(
      ModelConfig config,
      NavigableMap<Long, Path> usable,
      NavigableMap<Long, ServedVersion> fresh) {
    return config.versions().choose(List.copyOf(usable.keySet())).reversed().stream()
        .filter(version -> !fresh.containsKey(version))
        .findFirst()
        .orElse(null);
  }

  /** What is served goes on being ready while its successor is loaded. */
  private NavigableMap<Long, Standing> whileLoading(
      String name,
      ModelConfig config,
      NavigableMap<Long, Path> usable,
      NavigableMap<Long, Standing> broken) {
    NavigableMap<Long, Standing> now = new TreeMap<>(broken);
    config
        .versions()
        .choose(List.copyOf(usable.keySet()))
        .forEach(version -> now.put(version, Standing.LOADING));
    published.versions(name).keySet().forEach(version -> now.put(version, Standing.READY));
    return now;
  }

  private ServedVersion loadVersion(
      String name,
      long version,
      Path file,
      ModelConfig config,
      NavigableMap<Long, ServedVersion> fresh)
      throws ExitException {
    long bytes = ModelFile.bytes(file);
    makeRoom(name, bytes + Published.bytes(fresh.values().stream()));
    ServedVersion before = published.versions(name).get(version);
    ModelStatistics inherited = before == null ? null : before.statistics();
    ServedVersion loaded = loader.load(name, version, file, bytes, config, inherited);
    if (inherited == null) {
      register(name, version, loaded.statistics());
    }
    return loaded;
  }

  /** What only the version that is served at the time can tell. */
  private void register(String name, long version, ModelStatistics statistics) {
    String number = Long.toString(version);
    statistics.gauge(
        "modelweir.queue.depth",
        "Requests that wait for a worker.",
        () -> published.find(name, number).map(ServedVersion::queueDepth).orElse(0));
    statistics.gauge(
        "modelweir.model.requests.in.flight",
        "Requests with the model, waiting or computed.",
        () -> published.find(name, number).map(ServedVersion::inFlight).orElse(0));
    statistics.gauge(
        "modelweir.model.bytes",
        "Size of the loaded model.",
        () -> published.find(name, number).map(ServedVersion::bytes).orElse(0L));
    statistics.gauge(
        "modelweir.model.load.duration.seconds",
        "Time to load the model, measure it and answer generated inferences.",
        () -> published.find(name, number).map(it -> it.loadTime().toNanos() / 1e9).orElse(0.0));
  }

  private void giveUp(
      String name,
      NavigableMap<Long, ServedVersion> fresh,
      NavigableMap<Long, Standing> before,
      NavigableMap<Long, Standing> broken,
      String reason) {
    Published.retire(fresh, published.versions(name));
    if (published.contains(name)) {
      NavigableMap<Long, Standing> now = new TreeMap<>(before);
      broken.forEach((version, standing) ->
          now.merge(version, standing, (was, is) -> was.state() == State.READY ? was : is));
      standings.set(name, now);
    } else if (!store.names().contains(name)) {
      standings.forget(name); // a made-up name must leave nothing behind
      evicted.remove(name);
    } else {
      evicted.failed(name);
      if (broken.isEmpty()) {
        long lastKnown = before.isEmpty() ? ModelStore.FIRST_VERSION : before.lastKey();
        standings.set(name, List.of(lastKnown), Standing.unavailable(reason));
      } else {
        standings.set(name, broken);
      }
    }
  }

  /**
   * Unloads what was least recently used until so much more fits, but not the model that it is for:
   * one that is replaced stays until its successor is there.
   */
  private void makeRoom(String forModel, long bytes) {
    if (memoryLimit == 0) {
      return;
    }
    Set<String> stored = store.names();
    List<Candidate> candidates =
        published.models().stream()
            .filter(versions -> !versions.firstEntry().getValue().config().pinned())
            .map(Candidate::of)
            .filter(candidate -> !candidate.name().equals(forModel))
            // What came with a request could not come back.
            .filter(candidate -> stored.contains(candidate.name()))
            .sorted(Comparator.comparingLong(Candidate::lastUse))
            .toList();
    for (Candidate candidate : candidates) {
      if (published.bytes() + bytes <= memoryLimit) {
        return;
      }
      evicted.add(candidate.name(), candidate.policy());
      withdraw(candidate.name(), "unloaded to make room; the next request loads it again");
    }
  }

  /** A model that may be unloaded, and when it was last used, which must not change in between. */
  private record Candidate(String name, QueuePolicy policy, long lastUse) {
    static Candidate of(NavigableMap<Long, ServedVersion> versions) {
      ServedVersion latest = versions.lastEntry().getValue();
      return new Candidate(
          latest.name(),
          latest.config().queue(),
          versions.values().stream().mapToLong(ServedVersion::lastUse).max().orElse(0));
    }
  }
}
