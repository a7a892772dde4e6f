package dev.modelweir.server.repository;

import static java.util.stream.Collectors.joining;

import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.server.engine.ModelFile;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

  private volatile boolean busy;

  /** What is published, by name and version; replaced as a whole, never changed. */
  private volatile Map<String, NavigableMap<Long, ServedVersion>> served = Map.of();

  /** What is to be said of versions that are not served, or not only. */
  private final Map<String, NavigableMap<Long, Standing>> standings = new ConcurrentHashMap<>();

  private final Evicted evicted;

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
    this.evicted = new Evicted(loader.queueSize(), this::bringBack);
  }

  /**
   * Loads what is there and waits for it; a model that fails is logged and leaves the others alone.
   *
   * @return the first failure
   */
  public Optional<ExitException> start(boolean loadAll) {
    return onLoader(
            () -> {
              Optional<ExitException> first = loadAll ? loadAll() : Optional.empty();
              started = true;
              return first;
            })
        .join();
  }

  private Optional<ExitException> loadAll() {
    Optional<ExitException> first = Optional.empty();
    for (String name : store.names()) {
      try {
        loadNow(name, null, null);
      } catch (ExitException e) {
        LOG.errorf("model \"%s\" is not served: %s", name, said(e));
        first = first.isPresent() ? first : Optional.of(e);
      }
    }
    return first;
  }

  /**
   * Whether everything that was to be loaded at start was: what is served then is served while
   * others are loaded, or itself in another version.
   */
  public boolean ready() {
    return started;
  }

  /** Whether a model is being loaded or unloaded: ONNX Runtime must not be released then. */
  public boolean busy() {
    return busy;
  }

  private <T> CompletableFuture<T> onLoader(Supplier<T> task) {
    return CompletableFuture.supplyAsync(
        () -> {
          busy = true;
          try {
            return task.get();
          } finally {
            busy = false;
          }
        },
        loading);
  }

  /** Loads a model, or loads it again; resolves when the new versions are published. */
  public CompletableFuture<Void> load(String name, LoadRequest request) {
    return onLoader(() -> {
      try {
        if (request.files().isEmpty()) {
          loadNow(name, request.config(), null);
        } else {
          loadFiles(name, request);
        }
        return null;
      } catch (ExitException e) {
        throw failed(Code.INVALID, name, e);
      }
    });
  }

  private CompletableFuture<Void> bringBack(String name) {
    return onLoader(() -> {
      try {
        if (evicted.contains(name)) {
          loadNow(name, null, null);
        }
        return null;
      } catch (ExitException e) {
        throw failed(Code.UNAVAILABLE, name, e);
      }
    });
  }

  private static InferenceException failed(Code code, String name, ExitException e) {
    LOG.errorf("model \"%s\" was not loaded: %s", name, said(e));
    return new InferenceException(code, "failed to load \"%s\": %s".formatted(name, said(e)));
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
    return onLoader(() -> {
      if (!served.containsKey(name) && !standings.containsKey(name)) {
        throw unknown(name);
      }
      evicted.remove(name);
      withdraw(name, "unloaded");
      return null;
    });
  }

  /**
   * Of the versions that the policy chooses, those that cannot be loaded are passed over in favour
   * of older ones; but what is served already stays as it is then.
   */
  private void loadNow(
      String name, @Nullable String ownConfig, @Nullable NavigableMap<Long, Path> files)
      throws ExitException {
    NavigableMap<Long, ServedVersion> old = served.getOrDefault(name, new TreeMap<>());
    NavigableMap<Long, ServedVersion> fresh = new TreeMap<>();
    NavigableMap<Long, Standing> broken = new TreeMap<>();
    NavigableMap<Long, Standing> before = standings.getOrDefault(name, new TreeMap<>());
    try {
      ModelConfig config =
          loader.config(name, ownConfig == null ? store.config(name).orElse("{}") : ownConfig);
      loadVersions(name, config, files == null ? store.versions(name) : files, fresh, broken);
    } catch (ExitException e) {
      retire(fresh, old);
      giveUp(name, before, broken, said(e));
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.errorf(e, "model \"%s\" cannot be loaded", name);
      retire(fresh, old);
      giveUp(name, before, broken, e.toString());
      throw loader.unexpected(name, e);
    }
    publish(name, fresh);
    evicted.remove(name);
    retire(old, fresh);
    fresh.keySet().forEach(version -> broken.put(version, new Standing(State.READY, "")));
    standings.put(name, broken);
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
    NavigableMap<Long, ServedVersion> old = served.getOrDefault(name, new TreeMap<>());
    NavigableMap<Long, Path> usable = new TreeMap<>(found);
    ExitException first = null;
    for (Long version = next(config, usable, fresh);
        version != null;
        version = next(config, usable, fresh)) {
      standings.put(name, whileLoading(config, usable, old, broken));
      try {
        Path file = ModelFile.find(Objects.requireNonNull(usable.get(version)));
        fresh.put(version, loadVersion(name, version, file, config, fresh));
      } catch (ExitException e) {
        first = first == null ? e : first;
        broken.put(version, new Standing(State.UNAVAILABLE, said(e)));
        if (!old.isEmpty()) {
          throw e;
        }
        usable.remove(version);
        LOG.warnf("model \"%s\" version %d is passed over: %s", name, version, said(e));
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

  private ServedVersion loadVersion(
      String name,
      long version,
      Path file,
      ModelConfig config,
      NavigableMap<Long, ServedVersion> fresh)
      throws ExitException {
    long bytes = ModelFile.bytes(file);
    makeRoom(name, bytes + bytes(fresh.values().stream()));
    ModelStatistics inherited = statisticsOf(served.getOrDefault(name, new TreeMap<>()), version);
    ServedVersion loaded = loader.load(name, version, file, bytes, config, inherited);
    if (inherited == null) {
      register(name, version, loaded.statistics());
    }
    return loaded;
  }

  /** What is served goes on being ready while its successor is loaded. */
  private static NavigableMap<Long, Standing> whileLoading(
      ModelConfig config,
      NavigableMap<Long, Path> usable,
      NavigableMap<Long, ServedVersion> old,
      NavigableMap<Long, Standing> broken) {
    NavigableMap<Long, Standing> now = new TreeMap<>(broken);
    config
        .versions()
        .choose(List.copyOf(usable.keySet()))
        .forEach(version -> now.put(version, new Standing(State.LOADING, "")));
    old.keySet().forEach(version -> now.put(version, new Standing(State.READY, "")));
    return now;
  }

  private void giveUp(
      String name,
      NavigableMap<Long, Standing> before,
      NavigableMap<Long, Standing> broken,
      String reason) {
    if (served.containsKey(name)) {
      NavigableMap<Long, Standing> now = new TreeMap<>(before);
      broken.forEach((version, standing) ->
          now.merge(version, standing, (was, is) -> was.state() == State.READY ? was : is));
      standings.put(name, now);
    } else if (!store.names().contains(name)) {
      standings.remove(name); // a made-up name must leave nothing behind
      evicted.remove(name);
    } else {
      evicted.failed(name);
      if (broken.isEmpty()) {
        standing(name, List.of(lastKnown(before)), new Standing(State.UNAVAILABLE, reason));
      } else {
        standings.put(name, broken);
      }
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
        "modelweir.model.requests.in.flight",
        "Requests with the model, waiting or computed.",
        () -> served(name, number).map(ServedVersion::inFlight).orElse(0));
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
    NavigableMap<Long, ServedVersion> old = served.getOrDefault(name, new TreeMap<>());
    publish(name, new TreeMap<>());
    retire(old, new TreeMap<>());
    NavigableMap<Long, ?> known =
        old.isEmpty() ? standings.getOrDefault(name, new TreeMap<>()) : old;
    standing(name, List.copyOf(known.keySet()), new Standing(State.UNAVAILABLE, reason));
    LOG.infof("model \"%s\": %s", name, reason);
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
    List<NavigableMap<Long, ServedVersion>> candidates =
        served.values().stream()
            .filter(versions -> !versions.firstEntry().getValue().name().equals(forModel))
            .filter(versions -> !versions.firstEntry().getValue().config().pinned())
            // What came with a request could not come back.
            .filter(versions -> stored.contains(versions.firstEntry().getValue().name()))
            .sorted(Comparator.comparingLong(ModelRepository::lastUse))
            .toList();
    for (NavigableMap<Long, ServedVersion> versions : candidates) {
      if (loadedBytes() + bytes <= memoryLimit) {
        return;
      }
      String name = versions.firstEntry().getValue().name();
      evicted.add(name);
      withdraw(name, "unloaded to make room; the next request loads it again");
    }
  }

  private static long lastUse(NavigableMap<Long, ServedVersion> versions) {
    return versions.values().stream().mapToLong(ServedVersion::lastUse).max().orElse(0);
  }

  /** Memory that loaded models take, as far as it can be told. */
  public long loadedBytes() {
    return bytes(all());
  }

  private static long bytes(Stream<ServedVersion> versions) {
    return versions.mapToLong(ServedVersion::bytes).sum();
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

  /**
   * Whether a request for this model and version would be answered: it is served, or was unloaded
   * to make room and has not failed to come back since.
   *
   * @throws InferenceException NOT_FOUND for one that does not exist
   */
  public boolean answers(String name, @Nullable String version) {
    if (served(name, version).isPresent() || (evicted.willReturn(name) && isKnown(name, version))) {
      return true;
    }
    try {
      require(name, version); // it may have come back in between
      return true;
    } catch (InferenceException e) {
      if (e.code() == Code.NOT_FOUND) {
        throw e;
      }
      return false;
    }
  }

  private boolean isKnown(String name, @Nullable String version) {
    NavigableMap<Long, Standing> versions = standings.getOrDefault(name, new TreeMap<>());
    return version == null
        || version.isEmpty()
        || number(version).filter(versions::containsKey).isPresent();
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
    Optional<ServedVersion> there = served(name, version);
    if (there.isPresent() || evicted.contains(name)) {
      return there;
    }
    // It may have come back in between.
    return Optional.of(require(name, version));
  }

  /**
   * The version that is served, for those who must know the signature before they can make a
   * request; one that was unloaded to make room is loaded first.
   *
   * @throws InferenceException as {@link #submit}
   */
  public CompletableFuture<ServedVersion> whenServed(String name, @Nullable String version) {
    return check(name, version)
        .map(CompletableFuture::completedFuture)
        .orElseGet(
            () -> evicted.back(name, Arrival.NEVER).thenCompose(back -> whenServed(name, version)));
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
    // A version that was replaced in between refuses, and the one that took over is there by then.
    while (true) {
      Optional<ServedVersion> there = check(name, version);
      if (there.isEmpty()) {
        return submitWhenBack(name, version, request, arrival, completion);
      }
      Optional<Ticket> ticket = there.get().submit(request, arrival, completion);
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
    long micros = request.timeoutMicros().orElse(0);
    long latest = arrival.until(TimeUnit.MICROSECONDS.toNanos(micros));
    CompletableFuture<Void> back = evicted.back(name, latest);
    DeferredTicket ticket = new DeferredTicket(back);
    back.whenComplete((nothing, failure) -> {
      if (failure != null) {
        completion.failed(Evicted.refusal(failure));
        return;
      }
      try {
        ticket.resolve(submit(name, version, request, arrival, completion));
      } catch (RuntimeException | OutOfMemoryError e) {
        completion.failed(Evicted.refusal(e));
      }
    });
    return ticket;
  }

  /** A ticket that may be cancelled before it exists. */
  private static final class DeferredTicket implements Ticket {
    private final CompletableFuture<Void> awaited;
    private @Nullable Ticket actual;
    private boolean cancelled;

    DeferredTicket(CompletableFuture<Void> awaited) {
      this.awaited = awaited;
    }

    synchronized void resolve(Ticket ticket) {
      actual = ticket;
      if (cancelled) {
        ticket.cancel();
      }
    }

    @Override
    public void cancel() {
      Ticket begun;
      synchronized (this) {
        cancelled = true;
        begun = actual;
      }
      if (begun != null) {
        begun.cancel();
      } else {
        awaited.cancel(false);
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
