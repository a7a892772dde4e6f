package dev.modelweir.server.repository;

import static java.util.stream.Collectors.joining;

import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.metrics.ModelStatistics;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.schedule.Completion;
import dev.modelweir.server.schedule.Ticket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The models of this process. Loading happens on one thread beside the traffic; a version is
 * published in one step when it is warm, and the one it replaces answers what it has and is then
 * released.
 */
public final class ModelRepository implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ModelRepository.class);

  /** Names that an error message lists at most. */
  private static final int LISTED = 20;

  private final ModelStore store;
  private final VersionLoader loader;
  private final long memoryLimit;
  private final ExecutorService loading =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("model-loader").daemon().factory());

  /** What is published, by name and version; replaced as a whole, never changed. */
  private volatile Map<String, NavigableMap<Long, ServedVersion>> served = Map.of();

  /** What is to be said of versions that are not served, or not only. */
  private final Map<String, NavigableMap<Long, Standing>> standings = new ConcurrentHashMap<>();

  /** Models that were unloaded to make room and come back when somebody asks for them. */
  private final Map<String, CompletableFuture<Void>> returning = new ConcurrentHashMap<>();

  private volatile boolean started;

  /** Where a version is in its life. */
  public enum State {
    UNAVAILABLE,
    LOADING,
    READY,
    UNLOADING
  }

  private record Standing(State state, String reason) {}

  /**
   * One line of the repository's index.
   *
   * @param version empty for a model of which no version was ever found
   * @param reason why it is unavailable, for people; empty otherwise
   */
  public record Entry(String name, String version, State state, String reason) {}

  /**
   * @param memoryLimit bytes that loaded models may take together before the least recently used
   *     ones leave; 0 sets no limit
   */
  public ModelRepository(ModelStore store, VersionLoader loader, long memoryLimit) {
    this.store = store;
    this.loader = loader;
    this.memoryLimit = memoryLimit;
  }

  /**
   * Loads what is there, on the calling thread; a model that fails is logged and leaves the others
   * alone.
   *
   * @return the first failure
   */
  public Optional<ExitException> start(boolean loadAll) {
    Optional<ExitException> first = Optional.empty();
    if (loadAll) {
      for (String name : store.names()) {
        try {
          loadNow(name, null, null);
        } catch (ExitException e) {
          LOG.errorf("model \"%s\" is not served: %s", name, e.getMessage());
          first = first.isPresent() ? first : Optional.of(e);
        }
      }
    }
    started = true;
    return first;
  }

  /** Whether everything that was to be loaded at start is served. */
  public boolean ready() {
    return started
        && standings.values().stream()
            .flatMap(versions -> versions.values().stream())
            .noneMatch(standing -> standing.state() == State.LOADING);
  }

  /** Loads a model, or loads it again; resolves when the new versions are published. */
  public CompletableFuture<Void> load(String name, LoadRequest request) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            if (request.files().isEmpty()) {
              loadNow(name, request.config(), null);
            } else {
              loadFiles(name, request);
            }
          } catch (ExitException e) {
            LOG.errorf("model \"%s\" was not loaded: %s", name, e.getMessage());
            throw new InferenceException(
                Code.INVALID, "failed to load \"%s\": %s".formatted(name, e.getMessage()));
          }
        },
        loading);
  }

  private void loadFiles(String name, LoadRequest request) throws ExitException {
    Path folder;
    try {
      folder = Files.createTempDirectory("modelweir-load");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      loadNow(name, request.config(), request.write(folder));
    } finally {
      LoadRequest.delete(folder);
    }
  }

  /** Takes a model out of use; resolves when no new request can reach it. */
  public CompletableFuture<Void> unload(String name) {
    return CompletableFuture.runAsync(
        () -> {
          if (!served.containsKey(name) && !standings.containsKey(name)) {
            throw unknown(name);
          }
          withdraw(name, "unloaded");
        },
        loading);
  }

  private void loadNow(
      String name, @Nullable String ownConfig, @Nullable NavigableMap<Long, Path> files)
      throws ExitException {
    NavigableMap<Long, Standing> before = standings.getOrDefault(name, new TreeMap<>());
    try {
      ModelConfig config =
          loader.config(name, ownConfig == null ? store.config(name).orElse("{}") : ownConfig);
      NavigableMap<Long, Path> found = files == null ? store.versions(name) : files;
      if (found.isEmpty()) {
        throw loader.notFound(name);
      }
      List<Long> wanted = config.versions().choose(new ArrayList<>(found.keySet()));
      if (wanted.isEmpty()) {
        throw loader.noVersion(name, found.keySet());
      }
      standing(name, wanted, new Standing(State.LOADING, ""));
      NavigableMap<Long, ServedVersion> old = served.getOrDefault(name, new TreeMap<>());
      NavigableMap<Long, ServedVersion> fresh = new TreeMap<>();
      for (Long version : wanted) {
        ModelStatistics inherited = statisticsOf(old, version);
        ServedVersion loaded = loader.load(name, version, found.get(version), config, inherited);
        fresh.put(version, loaded);
        if (inherited == null) {
          register(name, version, loaded.statistics());
        }
      }
      publish(name, fresh);
      returning.remove(name);
      retire(old, fresh);
      NavigableMap<Long, Standing> now = new TreeMap<>();
      wanted.forEach(version -> now.put(version, new Standing(State.READY, "")));
      standings.put(name, now);
      makeRoom(name);
    } catch (ExitException e) {
      if (served.containsKey(name)) {
        standings.put(name, before); // what was served before still is
      } else if (store.names().contains(name)) {
        standing(name, List.of(lastKnown(before)), new Standing(State.UNAVAILABLE, said(e)));
      } else {
        standings.remove(name); // a made-up name must leave nothing behind
      }
      throw e;
    }
  }

  /** What only the version that is served at the time can tell. */
  private void register(String name, long version, ModelStatistics statistics) {
    String number = Long.toString(version);
    statistics.gauge(
        "modelweir.queue.depth",
        "Requests that wait for a worker.",
        () -> served(name, number).map(ServedVersion::queueDepth).orElse(0));
    statistics.gauge(
        "modelweir.model.bytes",
        "Size of the loaded model.",
        () -> served(name, number).map(ServedVersion::bytes).orElse(0L));
    statistics.gauge(
        "modelweir.model.load.duration.seconds",
        "Time to load the model, measure it and answer generated inferences.",
        () -> served(name, number).map(served -> served.loadTime().toNanos() / 1e9).orElse(0.0));
  }

  private static long lastKnown(NavigableMap<Long, Standing> versions) {
    return versions.isEmpty() ? ModelStore.FIRST_VERSION : versions.lastKey();
  }

  private static String said(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private static @Nullable ModelStatistics statisticsOf(
      NavigableMap<Long, ServedVersion> old, Long version) {
    ServedVersion before = old.get(version);
    return before == null ? null : before.statistics();
  }

  private void standing(String name, List<Long> versions, Standing standing) {
    NavigableMap<Long, Standing> now = new TreeMap<>();
    versions.forEach(version -> now.put(version, standing));
    standings.put(name, now);
  }

  private void publish(String name, NavigableMap<Long, ServedVersion> versions) {
    Map<String, NavigableMap<Long, ServedVersion>> next = new HashMap<>(served);
    if (versions.isEmpty()) {
      next.remove(name);
    } else {
      next.put(name, versions);
    }
    served = next;
  }

  private static void retire(
      NavigableMap<Long, ServedVersion> old, NavigableMap<Long, ServedVersion> fresh) {
    old.forEach((version, before) -> before.retire(!fresh.containsKey(version)));
  }

  private void withdraw(String name, String reason) {
    NavigableMap<Long, ServedVersion> old = served.get(name);
    publish(name, new TreeMap<>());
    if (old != null) {
      retire(old, new TreeMap<>());
      standing(name, new ArrayList<>(old.keySet()), new Standing(State.UNAVAILABLE, reason));
    }
    LOG.infof("model \"%s\": %s", name, reason);
  }

  /** Unloads what was least recently used until the rest fits, but not what was just loaded. */
  private void makeRoom(String justLoaded) {
    if (memoryLimit == 0) {
      return;
    }
    List<NavigableMap<Long, ServedVersion>> candidates =
        served.values().stream()
            .filter(versions -> !versions.firstEntry().getValue().name().equals(justLoaded))
            .filter(versions -> !versions.firstEntry().getValue().config().pinned())
            .sorted(Comparator.comparingLong(ModelRepository::lastUse))
            .toList();
    for (NavigableMap<Long, ServedVersion> versions : candidates) {
      if (loadedBytes() <= memoryLimit) {
        return;
      }
      String name = versions.firstEntry().getValue().name();
      returning.put(name, new CompletableFuture<>());
      withdraw(name, "unloaded to make room; the next request loads it again");
    }
  }

  private static long lastUse(NavigableMap<Long, ServedVersion> versions) {
    return versions.values().stream().mapToLong(ServedVersion::lastUse).max().orElse(0);
  }

  /** Memory that loaded models take, as far as it can be told. */
  public long loadedBytes() {
    return all().mapToLong(ServedVersion::bytes).sum();
  }

  /** Every version that is served. */
  public Stream<ServedVersion> all() {
    return served.values().stream().flatMap(versions -> versions.values().stream());
  }

  /**
   * The served version, the highest one when none is named.
   *
   * @throws InferenceException NOT_FOUND for one that does not exist, UNAVAILABLE for one that is
   *     not loaded
   */
  public ServedVersion require(String name, @Nullable String version) {
    return served(name, version).orElseThrow(() -> missing(name, version));
  }

  /**
   * What the model takes and gives, with all of its versions that are served.
   *
   * @throws InferenceException as {@link #require}
   */
  public ModelMetadata metadata(String name, @Nullable String version) {
    ModelMetadata one = require(name, version).metadata();
    NavigableMap<Long, ServedVersion> all = served.getOrDefault(name, new TreeMap<>());
    List<String> versions = all.keySet().stream().map(number -> Long.toString(number)).toList();
    return versions.isEmpty()
        ? one
        : new ModelMetadata(one.name(), versions, one.platform(), one.inputs(), one.outputs());
  }

  /** The same, empty where {@link #require} fails. */
  public Optional<ServedVersion> served(String name, @Nullable String version) {
    NavigableMap<Long, ServedVersion> versions = served.get(name);
    if (versions == null) {
      return Optional.empty();
    }
    return version == null || version.isEmpty()
        ? Optional.of(versions.lastEntry().getValue())
        : number(version).map(versions::get);
  }

  private static Optional<Long> number(String version) {
    try {
      return Optional.of(Long.valueOf(version));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private InferenceException missing(String name, @Nullable String version) {
    NavigableMap<Long, ServedVersion> versions = served.get(name);
    NavigableMap<Long, Standing> standing = standings.get(name);
    if (versions != null) {
      return new InferenceException(
          Code.NOT_FOUND,
          "model \"%s\" version \"%s\" is unknown; served are %s"
              .formatted(name, version, versions.keySet()));
    }
    if (standing != null) {
      Standing last = standing.lastEntry().getValue();
      return last.state() == State.LOADING
          ? new InferenceException(Code.UNAVAILABLE, "model \"" + name + "\" is loading")
          : new InferenceException(
              Code.UNAVAILABLE, "model \"%s\" is not loaded: %s".formatted(name, last.reason()));
    }
    return store.names().contains(name)
        ? new InferenceException(
            Code.UNAVAILABLE,
            started ? "model \"" + name + "\" is not loaded" : "model \"" + name + "\" is loading")
        : unknown(name);
  }

  private InferenceException unknown(String name) {
    return new InferenceException(
        Code.NOT_FOUND,
        "model \"%s\" is unknown; this server has %s"
            .formatted(
                name, store.names().stream().limit(LISTED).collect(joining("\", \"", "\"", "\""))));
  }

  /**
   * Whether a request for this model and version makes sense; throws what {@link #submit} would.
   *
   * @return the version that is served; empty for one that {@link #submit} brings back first
   */
  public Optional<ServedVersion> check(String name, @Nullable String version) {
    return returning.containsKey(name) ? Optional.empty() : Optional.of(require(name, version));
  }

  /**
   * Hands a request to the version that is served now; one that was unloaded to make room is loaded
   * first.
   *
   * @throws InferenceException when there is no such model, or the request does not fit it
   */
  public Ticket submit(
      String name,
      @Nullable String version,
      InferRequest request,
      Arrival arrival,
      Completion completion) {
    if (returning.containsKey(name)) {
      return submitWhenBack(name, version, request, arrival, completion);
    }
    // A version that was replaced in between refuses, and the one that took over is there by then.
    while (true) {
      Optional<Ticket> ticket = require(name, version).submit(request, arrival, completion);
      if (ticket.isPresent()) {
        return ticket.get();
      }
      Thread.onSpinWait();
    }
  }

  private Ticket submitWhenBack(
      String name,
      @Nullable String version,
      InferRequest request,
      Arrival arrival,
      Completion completion) {
    DeferredTicket ticket = new DeferredTicket();
    CompletableFuture.runAsync(
        () -> {
          try {
            if (returning.remove(name) != null) {
              loadNow(name, null, null);
            }
            ticket.resolve(submit(name, version, request, arrival, completion));
          } catch (InferenceException e) {
            completion.failed(e);
          } catch (ExitException e) {
            completion.failed(new InferenceException(Code.UNAVAILABLE, said(e)));
          }
        },
        loading);
    return ticket;
  }

  /** A ticket that may be cancelled before it exists. */
  private static final class DeferredTicket implements Ticket {
    private @Nullable Ticket actual;
    private boolean cancelled;

    synchronized void resolve(Ticket ticket) {
      actual = ticket;
      if (cancelled) {
        ticket.cancel();
      }
    }

    @Override
    public synchronized void cancel() {
      cancelled = true;
      if (actual != null) {
        actual.cancel();
      }
    }
  }

  /** Every version that is known of, and those of the store that were never loaded. */
  public List<Entry> index() {
    List<Entry> entries = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(store.names());
    names.addAll(standings.keySet());
    for (String name : names) {
      NavigableMap<Long, Standing> versions = standings.get(name);
      if (versions == null) {
        entries.add(new Entry(name, "", State.UNAVAILABLE, "not loaded"));
      } else {
        versions.forEach((version, standing) ->
            entries.add(new Entry(name, version.toString(), standing.state(), standing.reason())));
      }
    }
    return entries;
  }

  @Override
  public void close() {
    loading.shutdown();
    for (String name : List.copyOf(served.keySet())) {
      withdraw(name, "the server ends");
    }
  }
}
