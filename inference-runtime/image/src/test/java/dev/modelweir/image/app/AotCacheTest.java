package dev.modelweir.image.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.image.Folder;
import dev.modelweir.image.ImageException;
import dev.modelweir.image.training.Training;
import dev.modelweir.image.training.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real JVM, the one that runs the tests, and a program of a few lines. */
class AotCacheTest {
  private static final String PROGRAM =
      """
      public class Program {
        public static void main(String[] arguments) throws Exception {
          if ("true".equals(System.getenv("BROKEN"))) {
            throw new IllegalStateException("broken on purpose");
          }
          java.nio.file.Files.createFile(java.nio.file.Path.of(System.getenv("STARTED")));
          Thread.sleep(java.time.Duration.ofMinutes(5));
        }
      }
      """;

  @TempDir Path folder;

  private final AotCache cache =
      new AotCache(Path.of(System.getProperty("java.home")), List.of("-XX:+UseSerialGC"));
  private AppFolder app = new AppFolder(Path.of("unset"), "quarkus-run.jar");

  @BeforeEach
  void compile() throws IOException {
    Path source = Files.writeString(folder.resolve("Program.java"), PROGRAM);
    ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, "-d", folder.toString(), source.toString());
    app = new AppFolder(Files.createDirectories(folder.resolve("app")), "quarkus-run.jar");
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Program");
    try (var jar = new JarOutputStream(Files.newOutputStream(app.jar()), manifest)) {
      jar.putNextEntry(new JarEntry("Program.class"));
      Files.copy(folder.resolve("Program.class"), jar);
    }
    new Folder(app.path()).stamp();
  }

  @Test
  void theJvmTakesWhatItWasTrainedWithAndNothingElse() throws Exception {
    Path file = folder.resolve("app.aot");
    cache.train(app, training(false), file);
    cache.verify(app, file);

    var otherFlags =
        new AotCache(
            cache.java(), List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    assertThatThrownBy(() -> otherFlags.verify(app, file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("refuses its AOT cache");
  }

  @Test
  void aFailedTrainingShowsTheEndOfTheLog() {
    assertThatThrownBy(() -> cache.train(app, training(true), folder.resolve("app.aot")))
        .isInstanceOf(ImageException.class)
        .hasMessageContainingAll("exit code 1", "broken on purpose", "-Daot.skip");
  }

  private Training training(boolean broken) {
    Path started = folder.resolve("started");
    return new Training() {
      @Override
      public Map<String, String> environment() {
        return Map.of("STARTED", started.toString(), "BROKEN", Boolean.toString(broken));
      }

      @Override
      public void drive(Workload workload) throws IOException, InterruptedException {
        workload.await("it started", () -> Files.exists(started));
      }
    };
  }
}
