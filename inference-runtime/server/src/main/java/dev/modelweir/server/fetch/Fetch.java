package dev.modelweir.server.fetch;

import dev.modelweir.server.Contents;
import dev.modelweir.server.Sha256;
import dev.modelweir.server.engine.ModelFile;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final @Nullable String pin;
  private final Contents contents = new Contents();

  /**
   * @param shown the address as it may appear in messages
   * @param pin digest that the {@link Contents} must have
   */
  Fetch(
      Source source,
      Staging staging,
      Budget budget,
      Retries retries,
      Consumer<String> log,
      String shown,
      @Nullable String pin) {
    this.source = source;
    this.staging = staging;
    this.budget = budget;
    this.retries = retries;
    this.log = log;
    this.shown = shown;
    this.pin = pin;
  }

  /** Returns the digest of what is there now. */
  String run() throws ExitException {
    try {
      Optional<String> before = staging.complete();
      if (before.isPresent()) {
        log.accept(shown + " is already in " + staging.target());
        return before.get();
      }
      List<Item> items = retries.call(shown, source::items);
      if (pin != null && isAlreadyThere(items)) {
        log.accept(shown + " is already in " + staging.target() + ", with the right digest");
        return pin;
      }
      staging.begin();
      announce(items);
      LayerUnpacker unpacker = new LayerUnpacker(staging.folder().toRealPath(), budget);
      for (Item item : items) {
        bring(item, unpacker);
      }
      String digest = source.digest().orElseGet(contents::digest);
      if (pin != null && !pin.equals(digest) && !pin.equals(digestOfModel())) {
        throw mismatch(contents.summary(), digest, pin);
      }
      staging.publish(digest);
      log.accept("%s is complete, %d bytes, %s".formatted(shown, budget.written(), digest));
      return digest;
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

  /** A version of a model is pinned by its model, whatever lies beside that. */
  private @Nullable String digestOfModel() throws IOException {
    if (contents.size() < 2) {
      return null;
    }
    try {
      Path model = ModelFile.find(staging.folder());
      Path folder = staging.folder().relativize(model.resolveSibling(""));
      Set<String> parts = new HashSet<>(ModelFile.weights(model));
      parts.add(model.getFileName().toString());
      // Large, and hashed already when it came.
      return contents.in(folder.toString().isEmpty() ? "" : folder + "/", parts).digest();
    } catch (ExitException noModel) {
      return null;
    }
  }

  private boolean isAlreadyThere(List<Item> items) throws IOException {
    if (items.size() != 1 || items.getFirst().form() != Form.FILE) {
      return false;
    }
    Path file = staging.target().resolve(items.getFirst().path());
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Sha256.of(file).equals(pin);
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
    String digest = Sha256.end(sha256);
    if (item.digest() != null && !item.digest().equals(digest)) {
      throw mismatch(item.path(), digest, item.digest());
    }
    contents.add(item.path(), digest);
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

  private ExitException mismatch(String what, String actual, String expected) {
    return new ExitException(
        ExitReason.DigestMismatch,
        "%s (%s) has digest %s, expected %s; it changed, or the digest is of another version"
            .formatted(shown, what, actual, expected));
  }
}
