package dev.modelweir.server.repository;

import static java.util.stream.Collectors.joining;

import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.repository.Standings.Standing;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.schedule.Completion;
import dev.modelweir.server.schedule.Ticket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

  /** Orders to load or unload that may wait for their turn. */
  private static final int MOST_ORDERS = 100;

  private final ModelStore store;
  private final Published published = new Published();
  private final Standings standings = new Standings();
  private final Evicted evicted;
  private final Loading loading;
  private final ExecutorService loader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("model-loader").daemon().factory());

  /** Orders that wait or are carried out, and the bytes of the files that came with them. */
  private final AtomicInteger orders = new AtomicInteger();

  private final AtomicLong orderedBytes = new AtomicLong();
  private final long mostOrderedBytes = Runtime.getRuntime().maxMemory() / 8;

  private volatile boolean busy;
  private volatile boolean started;
  private volatile boolean nothingStarted;

  /** Where a version is in its life. */
  public enum State {
    UNAVAILABLE,
    LOADING,
    READY,
    UNLOADING
  }

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
    this.evicted = new Evicted(loader.queueSize(), this::bringBack);
    this.loading = new Loading(store, loader, memoryLimit, published, standings, evicted);
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
              nothingStarted = first.isPresent() && published.names().isEmpty();
              started = true;
              return first;
            })
        .join();
  }

  private Optional<ExitException> loadAll() {
    Optional<ExitException> first = Optional.empty();
    for (String name : store.names()) {
      try {
        loading.load(name);
      } catch (ExitException e) {
        LOG.errorf("model \"%s\" is not served: %s", name, e.getMessage());
        first = first.isPresent() ? first : Optional.of(e);
      }
    }
    return first;
  }

  /**
   * Whether everything that was to be loaded at start was: what is served then is served while
   * others are loaded, or itself in another version. When all of it failed, once something is.
   */
  public boolean ready() {
    return started && !nothingStarted;
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
            nothingStarted = nothingStarted && published.names().isEmpty();
          }
        },
        loader);
  }

  /** The same for what somebody asked for; as each takes its time, not too many may wait. */
  private <T> CompletableFuture<T> order(long bytes, Supplier<T> task) {
    int before = orders.getAndIncrement();
    long bytesBefore = orderedBytes.getAndAdd(bytes);
    boolean fits = bytesBefore == 0 || bytesBefore + bytes <= mostOrderedBytes;
    CompletableFuture<T> done =
        before < MOST_ORDERS && fits
            ? onLoader(task)
            : CompletableFuture.failedFuture(
                new InferenceException(
                    Code.OVERLOADED, "too many models wait to be loaded; try again later"));
    return done.whenComplete((loaded, failure) -> {
      orders.decrementAndGet();
      orderedBytes.addAndGet(-bytes);
    });
  }

  /**
   * Loads a model, or loads it again; resolves when the new versions are published, or with
   * OVERLOADED when too much waits to be loaded.
   */
  public CompletableFuture<Void> load(String name, LoadRequest request) {
    return order(
        request.bytes(),
        () -> {
          try {
            if (request.files().isEmpty()) {
              loading.load(name, request.config(), null);
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
          loading.load(name);
        }
        return null;
      } catch (ExitException e) {
        throw failed(Code.UNAVAILABLE, name, e);
      }
    });
  }

  private static InferenceException failed(Code code, String name, ExitException e) {
    LOG.errorf("model \"%s\" was not loaded: %s", name, e.getMessage());
    return new InferenceException(
        code, "failed to load \"%s\": %s".formatted(name, e.getMessage()));
  }

  private void loadFiles(String name, LoadRequest request) throws ExitException {
    Path folder;
    try {
      folder = Files.createTempDirectory("modelweir-load");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      loading.load(name, request.config(), request.write(folder));
    } finally {
      LoadRequest.delete(folder);
    }
  }

  /** Takes a model out of use; resolves when no new request can reach it. */
  public CompletableFuture<Void> unload(String name) {
    return order(
        0,
        () -> {
          if (!published.contains(name) && !standings.contains(name)) {
            throw unknown(name);
          }
          evicted.remove(name);
          loading.withdraw(name, "unloaded");
          return null;
        });
  }

  /** Memory that loaded models take, as far as it can be told. */
  public long loadedBytes() {
    return published.bytes();
  }

  /** Every version that is served. */
  public Stream<ServedVersion> all() {
    return published.all();
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

  /** The same, empty where {@link #require} fails. */
  public Optional<ServedVersion> served(String name, @Nullable String version) {
    return published.find(name, version);
  }

  /**
   * What the model takes and gives, with all of its versions that are served; one that was unloaded
   * to make room is loaded first, as clients ask for this before they ask for anything else.
   *
   * @throws InferenceException as {@link #submit}
   */
  public CompletableFuture<ModelMetadata> metadata(String name, @Nullable String version) {
    return whenServed(name, version, Arrival.now()).thenApply(this::withVersions);
  }

  private ModelMetadata withVersions(ServedVersion served) {
    ModelMetadata one = served.metadata();
    String name = served.name();
    List<String> versions =
        published.versions(name).keySet().stream().map(number -> Long.toString(number)).toList();
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
    return version == null
        || version.isEmpty()
        || Published.number(version).filter(standings.of(name)::containsKey).isPresent();
  }

  private InferenceException missing(String name, @Nullable String version) {
    NavigableMap<Long, ServedVersion> versions = published.versions(name);
    NavigableMap<Long, Standing> standing = standings.of(name);
    if (!versions.isEmpty()) {
      return new InferenceException(
          Code.NOT_FOUND,
          "model \"%s\" version \"%s\" is unknown; served are %s"
              .formatted(name, version, versions.keySet()));
    }
    if (!standing.isEmpty()) {
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
  public CompletableFuture<ServedVersion> whenServed(
      String name, @Nullable String version, Arrival arrival) {
    return check(name, version)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() ->
            evicted
                .back(name, arrival.until(evicted.grantedNanos(name, 0)))
                .exceptionally(failure -> {
                  throw Evicted.refusal(failure);
                })
                .thenCompose(back -> whenServed(name, version, arrival)));
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
    long granted = evicted.grantedNanos(name, request.timeoutMicros().orElse(0));
    long latest = arrival.until(granted);
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

  /** Every version that is known of, and those of the store that were never loaded. */
  public List<Entry> index() {
    return standings.index(store.names());
  }

  @Override
  public void close() {
    loader.shutdown();
    for (String name : published.names()) {
      loading.withdraw(name, "the server ends");
    }
  }
}
