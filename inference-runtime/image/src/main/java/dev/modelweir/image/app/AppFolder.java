package dev.modelweir.image.app;

import dev.modelweir.image.Folder;
import dev.modelweir.image.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A copy of what Quarkus built, exactly as it will lie in the image: the JVM compares sizes and
 * times of all jars with those its AOT cache was trained on. Quarkus' own output is never touched.
 *
 * @param path corresponds to {@code /app} in the image
 */
record AppFolder(Path path) {
  /** Where the application lies inside the image. */
  static final String HOME = "/app";

  static final String JAR = "quarkus-run.jar";

  static AppFolder copyOf(Path quarkusApp, Path target) throws IOException {
    if (!Files.isRegularFile(quarkusApp.resolve(JAR))) {
      throw new ImageException(
          quarkusApp + " holds no " + JAR + ": quarkus-maven-plugin must run before this tool");
    }
    new Folder(target).delete();
    new Folder(quarkusApp).copyTo(target);
    return new AppFolder(target);
  }

  Path jar() {
    return path.resolve(JAR);
  }

  Path libraries() {
    return path.resolve("lib");
  }
}
