package dev.modelweir.server.publish;

import dev.modelweir.server.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Clears away folders whose makers have gone. Nothing depends on its success. */
record Leftovers(Consumer<String> log) {

  /**
   * Removes what nobody has written to for a while, and nothing else.
   *
   * @param which by the names of the folders to look at
   * @param why what to say of each that goes
   * @throws IOException when the folder cannot be listed
   */
  void sweep(Path folder, Predicate<String> which, Duration abandoned, String why)
      throws IOException {
    Instant since = Instant.now().minus(abandoned);
    try (DirectoryStream<Path> there = Files.newDirectoryStream(folder)) {
      for (Path left : there) {
        if (which.test(left.getFileName().toString()) && isUntouched(left, since)) {
          log.accept("%s %s, and is removed".formatted(left, why));
          discard(left);
        }
      }
    }
  }

  private static boolean isUntouched(Path tree, Instant since) {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        if (Files.getLastModifiedTime(path).toInstant().isAfter(since)) {
          return false;
        }
      }
      return true;
    } catch (IOException | UncheckedIOException somebodyElseRemovesIt) {
      return false;
    }
  }

  /** The next one tries again. */
  void discard(Path tree) {
    try {
      FileTree.delete(tree);
    } catch (IOException e) {
      log.accept("%s cannot be removed: %s".formatted(tree, e));
    }
  }
}
