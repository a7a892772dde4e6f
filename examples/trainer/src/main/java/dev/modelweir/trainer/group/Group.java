package dev.modelweir.trainer.group;

/** The workers of one training, which go step by step together. Used by one thread each. */
public interface Group extends AutoCloseable {
  /** This worker's number, from 0; number 0 leads. */
  int rank();

  /** How many workers there are. */
  int size();

  /** Gives everyone the bytes of worker 0, who alone looks at what is passed in. */
  byte[] share(byte[] bytes) throws PeerLostException;

  /**
   * Replaces the numbers by their sums over all workers.
   *
   * @param stop whether this worker has to stop
   * @return whether any worker has to
   */
  boolean add(long[] numbers, boolean stop) throws PeerLostException;

  /** Ends the connections; a worker that waits in another thread is told that its peer is gone. */
  @Override
  void close();
}
