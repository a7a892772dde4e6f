package dev.modelweir.server.fetch;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.Source.Form;
import dev.modelweir.server.fetch.Source.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Brings everything of a source to a volume, or nothing. */
final class Fetch {
  private static final int BUFFER = 256 * 1024;
  private static final int MAX_RESTARTS = 3;

  private final Source source;
  private final Staging staging;
  private final Budget budget;
  private final Retries retries;
  private final Consumer<String> log;
  private final String shown;
  private final @Nullable String fileDigest;

  /**
   * @param shown the address as it may appear in messages
   * @param fileDigest digest that the one file must have
   */
  Fetch(
      Source source,
      Staging staging,
      Budget budget,
      Retries retries,
      Consumer<String> log,
      String shown,
      @Nullable String fileDigest) {
    this.source = source;
    this.staging = staging;
    this.budget = budget;
    this.retries = retries;
    this.log = log;
    this.shown = shown;
    this.fileDigest = fileDigest;
  }

  void run() throws ExitException {
    try {
      if (staging.alreadyComplete()) {
        log.accept(shown + " is already in " + staging.target());
        return;
      }
      List<Item> items = retries.call(shown, source::items);
      if (isAlreadyThere(items)) {
        log.accept(shown + " is already in " + staging.target() + ", with the right digest");
        return;
      }
      staging.begin();
      announce(items);
      LayerUnpacker unpacker = new LayerUnpacker(staging.folder().toRealPath(), budget);
      for (Item item : items) {
        bring(item, unpacker);
      }
      staging.publish();
      log.accept("%s is complete, %d bytes".formatted(shown, budget.written()));
    } catch (ResumingStream.Ended e) {
      throw e.reason();
    } catch (IOException e) {
      throw Budget.isDiskFull(e)
          ? budget.diskFull(shown)
          : new ExitException(
              ExitReason.FetchFailed,
              "%s could not be brought to %s: %s".formatted(shown, staging.target(), e));
    }
  }

  private boolean isAlreadyThere(List<Item> items) throws ExitException, IOException {
    if (fileDigest == null) {
      return false;
    }
    if (items.size() != 1 || items.getFirst().form() != Form.FILE) {
      throw new ExitException(
          ExitReason.DigestMismatch,
          "%s has %d objects, but a digest is of one file; name that file or drop the digest"
              .formatted(shown, items.size()));
    }
    Path file = staging.target().resolve(items.getFirst().path());
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Sha256.of(file).equals(fileDigest);
  }

  private void announce(List<Item> items) throws ExitException, IOException {
    long total = items.stream().mapToLong(item -> Math.max(0, item.size())).sum();
    budget.announce(shown, total);
  }

  private void bring(Item item, LayerUnpacker unpacker) throws ExitException, IOException {
    for (int restarts = 0; ; restarts++) {
      long before = budget.written();
      try {
        transfer(item, unpacker);
        return;
      } catch (ResumingStream.Restart e) {
        if (restarts == MAX_RESTARTS) {
          throw new ExitException(
              ExitReason.FetchFailed,
              "%s broke off %d times and cannot be resumed; it sends no ETag, or it keeps changing"
                  .formatted(shown, restarts + 1));
        }
        log.accept("%s: %s; starting again".formatted(shown, e.getMessage()));
        budget.refund(budget.written() - before);
      } catch (ZipException e) {
        throw new ExitException(
            ExitReason.FetchFailed, "%s is not valid gzip: %s".formatted(shown, e.getMessage()));
      }
    }
  }

  private void transfer(Item item, LayerUnpacker unpacker) throws ExitException, IOException {
    MessageDigest sha256 = Sha256.begin();
    try (ResumingStream raw = ResumingStream.open(shown, item, retries)) {
      if (item.size() < 0 && raw.size() > 0) {
        budget.announce(shown, raw.size());
      }
      InputStream counted = new Progress(raw, shown + " " + item.path(), raw.size(), log);
      InputStream plain = raw.gzip() ? new GZIPInputStream(counted, BUFFER) : counted;
      InputStream digested = new DigestInputStream(plain, sha256);
      switch (item.form()) {
        case FILE -> write(item, digested);
        case TAR -> unpacker.unpack(item.path(), digested);
        case TAR_GZIP -> unpacker.unpack(item.path(), new GZIPInputStream(digested, BUFFER));
      }
      // Archives may have padding after their end; the digest covers it.
      digested.transferTo(OutputStream.nullOutputStream());
    }
    check(item, Sha256.end(sha256));
  }

  private void write(Item item, InputStream in) throws ExitException, IOException {
    Path file = staging.folder().resolve(item.path()).normalize();
    if (!file.startsWith(staging.folder())) {
      throw new ExitException(
          ExitReason.FetchFailed, "%s holds the unsafe name %s".formatted(shown, item.path()));
    }
    Files.createDirectories(file.getParent());
    byte[] buffer = new byte[BUFFER];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        budget.spend(shown, count);
        out.write(buffer, 0, count);
      }
    }
  }

  private void check(Item item, String actual) throws ExitException {
    for (String expected : new @Nullable String[] {item.digest(), fileDigest}) {
      if (expected != null && !expected.equals(actual)) {
        throw new ExitException(
            ExitReason.DigestMismatch,
            "%s (%s) has digest %s, expected %s; the file changed or the digest is of another version"
                .formatted(shown, item.path(), actual, expected));
      }
    }
  }
}
