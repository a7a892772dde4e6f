package dev.modelweir.image.app;

import dev.modelweir.image.Command;
import dev.modelweir.image.ImageException;
import dev.modelweir.image.training.Training;
import dev.modelweir.image.training.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM's ahead-of-time cache of an application: classes loaded and linked, and profiles. The JVM
 * uses it only with the very run-time, flags and jars it was trained with; otherwise it starts
 * slowly and says so in a warning that nobody reads. So {@link #verify} makes a refusal an error of
 * the build.
 *
 * @param java the Java run-time of the image
 * @param flags the JVM flags of the image
 */
record AotCache(Path java, List<String> flags) {
  private static final int LOG_TAIL = 30;

  /** Runs the application through {@code training} and writes the cache to {@code file}. */
  void train(AppFolder app, Training training, Path file) throws IOException, InterruptedException {
    Path log = file.resolveSibling("training.log");
    Files.deleteIfExists(file);
    try (var workload =
        Workload.start(
            command(app, "-XX:AOTCacheOutput=" + file, "-Xlog:aot=error"),
            training.environment(),
            log)) {
      training.drive(workload);
      workload.terminate();
    } catch (IOException failure) {
      throw new ImageException(
          "training of the AOT cache failed: %s%nThe end of %s:%n%sLeave the cache out with -Daot.skip"
              .formatted(failure.getMessage(), log, Command.tail(Files.readString(log), LOG_TAIL)));
    }
    if (!Files.exists(file)) {
      throw new ImageException(
          "the JVM wrote no AOT cache, see %s:%n%s"
              .formatted(log, Command.tail(Files.readString(log), LOG_TAIL)));
    }
  }

  /** Fails when the JVM refuses the cache; runs no code of the application. */
  void verify(AppFolder app, Path file) throws IOException, InterruptedException {
    try {
      new Command(
              command(app, "-XX:AOTCache=" + file, "-XX:AOTMode=on", "-Xlog:aot", "--dry-run"),
              app.path())
          .run();
    } catch (ImageException refused) {
      throw new ImageException("the JVM refuses its AOT cache: " + refused.getMessage());
    }
  }

  /**
   * Starts the application where it lies now.
   *
   * @param aot further flags
   */
  List<String> command(AppFolder app, String... aot) {
    var words = new ArrayList<String>();
    words.add(java.resolve("bin/java").toString());
    words.addAll(flags);
    words.addAll(List.of(aot));
    words.add("-jar");
    words.add(app.jar().toString());
    return words;
  }
}
