package dev.modelweir.server.schedule;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How one model's requests wait.
 *
 * @param maxBatchRows most rows in one run; 1 means that requests are never put together
 * @param maxDelay how long a run may wait for more requests although a worker is free; zero, which
 *     is best for nearly all models, takes what is waiting and begins
 * @param maxQueueSize requests of a level and those before it that may wait, and half of what may
 *     of all levels; further ones are refused
 * @param defaultTimeout time that a request has for its answer, or less by its own word; zero means
 *     any
 * @param priorities levels, of which 1 goes first
 * @param defaultPriority level of requests that name none
 */
public record QueuePolicy(
    int maxBatchRows,
    Duration maxDelay,
    int maxQueueSize,
    Duration defaultTimeout,
    int priorities,
    int defaultPriority) {
  private static final int MOST_PRIORITIES = 1000;

  public QueuePolicy {
    require(maxBatchRows >= 1, "max_batch_size must be at least 1");
    require(maxQueueSize >= 1, "max_queue_size must be at least 1");
    require(!maxDelay.isNegative(), "max_queue_delay_microseconds must be 0 or more");
    require(!defaultTimeout.isNegative(), "default_timeout_microseconds must be 0 or more");
    require(priorities <= MOST_PRIORITIES, "priority_levels must be at most " + MOST_PRIORITIES);
    require(
        priorities >= 1 && defaultPriority >= 1 && defaultPriority <= priorities,
        "default_priority_level must be between 1 and priority_levels");
  }

  /** Without priorities. */
  public static QueuePolicy of(
      int maxBatchRows, Duration maxDelay, int maxQueueSize, Duration defaultTimeout) {
    return new QueuePolicy(maxBatchRows, maxDelay, maxQueueSize, defaultTimeout, 1, 1);
  }

  /** The same for a model that is better off with smaller batches. */
  public QueuePolicy withMaxBatchRows(int rows) {
    return new QueuePolicy(
        Math.min(rows, maxBatchRows),
        maxDelay,
        maxQueueSize,
        defaultTimeout,
        priorities,
        defaultPriority);
  }

  /**
   * How long a request may take from its arrival on.
   *
   * @param ownMicros what it asks for itself; 0 when it does not. As with Triton, it may only
   *     shorten the time: what is refused before it is read cannot have asked for more.
   * @return nanoseconds; 0 for any time
   */
  public long grantedNanos(long ownMicros) {
    long own = TimeUnit.MICROSECONDS.toNanos(ownMicros);
    long usual = defaultTimeout.toNanos();
    return own == 0 || usual == 0 ? Math.max(own, usual) : Math.min(own, usual);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
