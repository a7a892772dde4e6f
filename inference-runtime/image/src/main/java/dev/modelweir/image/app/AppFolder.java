package dev.modelweir.image.app;

import dev.modelweir.image.Folder;
import dev.modelweir.image.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of what was built, exactly as it will lie in the image: the JVM compares sizes and times
 * of all jars with those its AOT cache was trained on. The output of the build is never touched.
 *
 * @param path corresponds to {@code /app} in the image
 * @param jarName what starts the application: Quarkus' jar or the only one, with all others in lib
 */
record AppFolder(Path path, String jarName) {
  /** Where the application lies inside the image. */
  static final String HOME = "/app";

  private static final String QUARKUS_JAR = "quarkus-run.jar";

  static AppFolder copyOf(Path application, Path target) throws IOException {
    Path jar = startJar(application);
    new Folder(target).delete();
    new Folder(application).copyTo(target);
    return new AppFolder(target, jar.getFileName().toString());
  }

  private static Path startJar(Path application) throws IOException {
    Path quarkus = application.resolve(QUARKUS_JAR);
    if (Files.isRegularFile(quarkus)) {
      return quarkus;
    }
    List<Path> jars = Files.isDirectory(application) ? jars(application) : List.of();
    if (jars.size() != 1) {
      throw new ImageException(
          "%s holds no %s and no single other jar: quarkus-maven-plugin must run before this tool"
              .formatted(application, QUARKUS_JAR));
    }
    return jars.getFirst();
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> entry.toString().endsWith(".jar")).toList();
    }
  }

  Path jar() {
    return path.resolve(jarName);
  }

  Path libraries() {
    return path.resolve("lib");
  }
}
