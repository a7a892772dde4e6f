package dev.modelweir.server.engine;

import dev.modelweir.protocol.TensorAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Native memory of one request's tensors, from a pool, so that a request costs neither a system
 * call nor work for the garbage collector. Filled by one thread at a time; may be closed by another
 * one.
 */
public final class TensorMemory implements TensorAllocator, AutoCloseable {
  private static final int PAGE = 8 * 1024;

  /** Chunks of 4 MiB, of which only what was used once is there; larger tensors are not pooled. */
  private static final int ORDER = 9;

  /** Not the one of the network, whose chunks are too small for an image. */
  private static final PooledByteBufAllocator POOL =
      new PooledByteBufAllocator(
          true,
          0,
          Runtime.getRuntime().availableProcessors(),
          PAGE,
          ORDER,
          PooledByteBufAllocator.defaultSmallCacheSize(),
          PooledByteBufAllocator.defaultNormalCacheSize(),
          PooledByteBufAllocator.defaultUseCacheForAllThreads());

  private final List<ByteBuf> taken = new ArrayList<>(2);
  private final @Nullable TensorBudget budget;
  private long counted;

  /** For what the server itself computes, which must go on whatever waits. */
  public TensorMemory() {
    this(null);
  }

  /** For what a request brings. */
  public TensorMemory(@Nullable TensorBudget budget) {
    this.budget = budget;
  }

  @Override
  public ByteBuffer allocate(int bytes) {
    if (budget != null) {
      budget.take(bytes, counted);
      counted += bytes;
    }
    ByteBuf memory = POOL.directBuffer(bytes, Math.max(bytes, 1));
    taken.add(memory);
    return memory.nioBuffer(0, bytes).order(ByteOrder.nativeOrder());
  }

  /** Gives everything back; nothing that was allocated may be touched any more. */
  @Override
  public void close() {
    taken.forEach(ByteBuf::release);
    taken.clear();
    if (budget != null) {
      budget.giveBack(counted);
      counted = 0;
    }
  }
}
