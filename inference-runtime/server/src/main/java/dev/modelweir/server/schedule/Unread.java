package dev.modelweir.server.schedule;

import dev.modelweir.protocol.InferenceException;

/** A request that has come whole and waits for a thread that reads it; see {@link Batcher#hold}. */
public interface Unread extends AutoCloseable {
  /** Of what is read at once, so that it need not be counted. */
  Unread NONE =
      new Unread() {
        @Override
        public void begin() {}

        @Override
        public void read() {}

        @Override
        public void close() {}
      };

  /**
   * Reading begins.
   *
   * @throws InferenceException when too little time is left for an answer, so that reading would be
   *     in vain
   */
  void begin();

  /** It was read; says so before the request is submitted. */
  void read();

  /** It does not wait any more; may be called again, and after {@link #read}. */
  @Override
  void close();
}
