package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** How much may still be written: the user's limit, and what the volume has. */
public final class Budget {
  private final Path volume;
  private final OptionalLong limit;
  private long written;

  /**
   * @param volume a file or folder of the volume that is written to
   * @param limit bytes that may be written in all; empty for as many as the volume takes
   */
  public Budget(Path volume, OptionalLong limit) {
    this.volume = volume;
    this.limit = limit;
  }

  /** Refuses up front what is known not to fit. */
  public void announce(String what, long bytes) throws ExitException, IOException {
    checkLimit(what, written + bytes);
    long free = Files.getFileStore(volume).getUsableSpace();
    if (bytes > free) {
      throw full(
          "%s has %d bytes, the volume at %s has %d free; give it more space"
              .formatted(what, bytes, volume, free));
    }
  }

  /** Counts bytes that are about to be written. */
  public void spend(String what, long bytes) throws ExitException {
    written += bytes;
    checkLimit(what, written);
  }

  private void checkLimit(String what, long bytes) throws ExitException {
    if (limit.isPresent() && bytes > limit.getAsLong()) {
      throw full(
          ("%s has %d bytes or more, the limit is %d; raise runtime.resources.limits"
                  + " (ephemeral-storage, --limit-bytes) or serve it from a persistent volume")
              .formatted(what, bytes, limit.getAsLong()));
    }
  }

  /** Takes back what a repeated attempt will count again. */
  void refund(long bytes) {
    written -= bytes;
  }

  long written() {
    return written;
  }

  /** Tells a full disk from other failures to write. */
  public static boolean isDiskFull(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left") || message.contains("quota exceeded");
  }

  /** The end of an attempt that {@link #isDiskFull} stopped. */
  public ExitException diskFull(String what) {
    return full(
        "the volume at %s is full after %d bytes of %s; give it more space"
            .formatted(volume, written, what));
  }

  private static ExitException full(String message) {
    return new ExitException(ExitReason.DiskFull, message);
  }
}
