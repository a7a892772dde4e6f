package dev.modelweir.image.base;

import dev.modelweir.image.Command;
import dev.modelweir.image.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Java run-time of the image, cut by jlink from the JDK that runs the build. */
record JavaRuntime(Path jdk) {
  /**
   * What a Quarkus application with the Kubernetes client, TLS and metrics uses. A fixed list:
   * {@code jdeps} cannot work it out from Quarkus' modular jars.
   */
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.instrument",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.security.sasl",
          "java.sql",
          "java.xml",
          "jdk.management",
          "jdk.unsupported",
          "jdk.zipfs");

  static JavaRuntime ofThisBuild() {
    return new JavaRuntime(Path.of(System.getProperty("java.home")));
  }

  /** Everything the result depends on, as text. */
  String identity() throws IOException {
    return Files.readString(jdk.resolve("release")) + MODULES;
  }

  /** Writes the run-time to {@code folder}, which must not exist. */
  void linkTo(Path folder) throws IOException, InterruptedException {
    new Command(
            jdk,
            jdk.resolve("bin/jlink").toString(),
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--add-modules",
            String.join(",", MODULES),
            "--output",
            folder.toString())
        .run();
    // The JVM refuses an AOT cache trained by a run-time whose files carry other times.
    new Folder(folder).stamp();
  }
}
