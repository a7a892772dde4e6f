package dev.modelweir.server.repository;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.schedule.QueuePolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Models that were unloaded to make room. Whoever asks for one waits, for no longer than it wants
 * to, for the one load that brings it back for all.
 */
final class Evicted {
  private static final Logger LOG = Logger.getLogger(Evicted.class);

  /** After a load that failed, what {@code Retry-After} says: until then nobody begins another. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Map<String, QueuePolicy> policies = new ConcurrentHashMap<>();
  private final Set<String> broken = ConcurrentHashMap.newKeySet();
  private final Map<String, Return> returns = new ConcurrentHashMap<>();
  private final int mostWaiting;
  private final Function<String, CompletableFuture<Void>> load;

  /**
   * @param mostWaiting requests that may wait for one model
   * @param load brings a model back, if nobody else has meanwhile
   */
  Evicted(int mostWaiting, Function<String, CompletableFuture<Void>> load) {
    this.mostWaiting = mostWaiting;
    this.load = load;
  }

  /**
   * @param policy how its requests queue, by which those that come meanwhile wait as well
   */
  void add(String name, QueuePolicy policy) {
    broken.remove(name);
    policies.put(name, policy);
  }

  /** It is there again, or is not to come back. */
  void remove(String name) {
    policies.remove(name);
    broken.remove(name);
  }

  /** It could not be loaded when it was last tried; who asks for it has it tried again. */
  void failed(String name) {
    if (policies.containsKey(name)) {
      broken.add(name);
    }
  }

  /** Whether it can be expected to come back for the next request. */
  boolean willReturn(String name) {
    return policies.containsKey(name) && !broken.contains(name);
  }

  boolean contains(String name) {
    return policies.containsKey(name);
  }

  /** How long a request for it may take, as {@link QueuePolicy#grantedNanos}. */
  long grantedNanos(String name, long ownMicros) {
    QueuePolicy policy = policies.get(name);
    // Without one it has just come back, and decides itself.
    return policy == null
        ? TimeUnit.MICROSECONDS.toNanos(ownMicros)
        : policy.grantedNanos(ownMicros);
  }

  /**
   * Resolves when the model is back; {@link #refusal} says what a failure means. Cancelling it ends
   * the waiting, not the load.
   *
   * @param deadline by {@link System#nanoTime}, or {@link Arrival#NEVER}
   * @throws InferenceException when too many wait
   */
  CompletableFuture<Void> back(String name, long deadline) {
    Return mine = new Return(new CompletableFuture<>(), new AtomicInteger());
    Return begun = returns.putIfAbsent(name, mine);
    if (begun == null) {
      load.apply(name).whenComplete((nothing, failure) -> end(name, mine, failure));
    }
    return (begun == null ? mine : begun).await(name, deadline, mostWaiting);
  }

  private void end(String name, Return ended, @Nullable Throwable failure) {
    if (failure == null) {
      returns.remove(name, ended);
      ended.loaded().complete(null);
    } else {
      CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> returns.remove(name, ended));
      ended.loaded().completeExceptionally(failure);
    }
  }

  /** Why a request that waited is not answered. */
  static InferenceException refusal(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return switch (cause) {
      case InferenceException known -> known;
      case TimeoutException late ->
          new InferenceException(
              Code.TOO_LATE, "the time of the request ran out before its model was loaded again");
      case CancellationException gone ->
          new InferenceException(Code.CANCELLED, "the client has gone");
      default -> {
        LOG.error("a request failed in the server", cause);
        yield new InferenceException(Code.INTERNAL, "internal error; see the server's log");
      }
    };
  }

  /** One load and how many wait for it. */
  private record Return(CompletableFuture<Void> loaded, AtomicInteger waiting) {
    CompletableFuture<Void> await(String name, long deadline, int most) {
      if (waiting.incrementAndGet() > most) {
        waiting.decrementAndGet();
        throw new InferenceException(
            Code.OVERLOADED,
            "%d requests are waiting for model \"%s\" to be loaded; try again later"
                .formatted(most, name));
      }
      CompletableFuture<Void> own = loaded.copy();
      if (deadline != Arrival.NEVER) {
        own.orTimeout(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      }
      own.whenComplete((nothing, failure) -> waiting.decrementAndGet());
      return own;
    }
  }
}
