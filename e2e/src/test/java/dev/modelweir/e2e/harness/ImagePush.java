package dev.modelweir.e2e.harness;

import dev.modelweir.image.Main;
import dev.modelweir.image.oci.ImageArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Pushes the archives of the build to a registry, as a user would. */
public final class ImagePush {
  private ImagePush() {}

  /** Pushes with the credentials that {@code docker login} left, if any. */
  public static void push(Path archive, String name) {
    push(archive, name, Path.of(System.getProperty("user.home"), ".docker"));
  }

  /**
   * Pushes with the credentials of another folder.
   *
   * @param dockerConfig folder with a {@code config.json}
   */
  public static void push(Path archive, String name, Path dockerConfig) {
    Command.of(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        .with("-cp", System.getProperty("java.class.path"), Main.class.getName())
        .with("push", archive.toString(), "--to", name, "--insecure")
        .environment("DOCKER_CONFIG", dockerConfig.toString())
        .output();
  }

  /** The name the image was built under. */
  static String name(Path archive) {
    try (ImageArchive image = ImageArchive.open(archive)) {
      return image.name();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The digest of the image's manifest. */
  public static String digest(Path archive) {
    try (ImageArchive image = ImageArchive.open(archive)) {
      return image.manifest().digest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
