package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.ExitException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A place that models come from. */
public interface Source extends AutoCloseable {
  /**
   * What belongs to the model, in the order in which to write it.
   *
   * @throws ExitException when asking again would not help
   * @throws IOException when it might
   */
  List<Item> items() throws ExitException, IOException;

  /** The digest by which the source itself names all of it, once the items have been asked for. */
  default Optional<String> digest() {
    return Optional.empty();
  }

  @Override
  void close();

  /**
   * One stream of bytes.
   *
   * @param path where to put it, relative to the target folder, with {@code /} between segments
   * @param size announced bytes, or -1 when only {@link Opener#open} will tell
   * @param digest {@code sha256:HEX} that the bytes must have
   */
  record Item(String path, long size, @Nullable String digest, Form form, Opener opener) {}

  /** How an item becomes files. */
  enum Form {
    /** One file. */
    FILE,
    /** A tar archive that lies over what is already there, as a layer of an image. */
    TAR,
    TAR_GZIP
  }

  /** Opens an item. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens the stream at an offset, and only if it still is the same content.
     *
     * @param validator the one that the first opening gave, or null then
     * @throws ExitException when trying again would not help
     * @throws IOException when it might
     */
    Opened open(long offset, @Nullable String validator) throws ExitException, IOException;
  }

  /**
   * An open stream.
   *
   * @param offset where in the item the stream really begins; sources that cannot resume say 0
   * @param size of the whole item in bytes, or -1 when unknown
   * @param validator identifies this exact content (a strong ETag), or null when there is none
   * @param gzip whether the transfer is compressed, though the item itself is not
   */
  record Opened(
      InputStream body, long offset, long size, @Nullable String validator, boolean gzip) {}
}
