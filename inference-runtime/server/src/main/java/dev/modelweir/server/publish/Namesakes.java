package dev.modelweir.server.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folders that trainings of one name write their output to, {@code NAME-XXXXXXXX} by the
 * beginning of their UID. Only one training of a name is there at a time, so those of others are of
 * trainings that were deleted, perhaps before they were published.
 */
final class Namesakes {
  private static final Pattern NAME = Pattern.compile("(.+)-[0-9a-f]{8}");

  // Another volume may show the same folder, and a program may write its model long before it ends.
  private static final Duration ABANDONED = Duration.ofDays(7);

  private Namesakes() {}

  /** Whether a folder can be told by its name. */
  static boolean isOne(Path folder) {
    return folder.getFileName() != null && NAME.matcher(folder.getFileName().toString()).matches();
  }

  /**
   * Removes those that nobody has written to for long, and says so; the given one stays.
   *
   * @param own the folder of the training that is published
   */
  static void sweep(Path own, Consumer<String> log) {
    Matcher name = NAME.matcher(own.getFileName().toString());
    Path folder = own.resolveSibling("");
    if (!name.matches() || !Files.isDirectory(folder)) {
      return;
    }
    Pattern alike = Pattern.compile(Pattern.quote(name.group(1)) + "-[0-9a-f]{8}");
    try {
      new Leftovers(log)
          .sweep(
              folder,
              other -> alike.matcher(other).matches() && !other.equals(name.group()),
              ABANDONED,
              "was left by a training of the same name that was deleted");
    } catch (IOException e) {
      log.accept("%s cannot be cleared up: %s".formatted(folder, e));
    }
  }
}
