package dev.modelweir.image.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A base image of one file, for tests that need any. */
public final class FakeBase {
  private FakeBase() {}

  /** Its Java is the one that runs the tests. */
  public static BaseImage in(Path folder) throws IOException {
    Path root = Files.createDirectories(folder.resolve("base"));
    Files.writeString(root.resolve("base-file"), "base");
    Path archive = folder.resolve("base.tar");
    LayerArchive layer = LayerArchive.pack(root, folder.resolve("base.tar.gz"));
    DockerArchive.write(archive, List.of(layer), "/opt/java");
    return new BaseImage(archive, Path.of(System.getProperty("java.home")));
  }
}
