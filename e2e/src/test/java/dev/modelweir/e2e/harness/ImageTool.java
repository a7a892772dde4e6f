package dev.modelweir.e2e.harness;

import dev.modelweir.image.Main;
import dev.modelweir.image.oci.ImageArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The project's image tool, used as a user would. */
public final class ImageTool {
  private static final Path HOME = Path.of(System.getProperty("user.home"));

  private ImageTool() {}

  /**
   * Builds a model image.
   *
   * @param name also its title, so that two images of one model differ. A kubelet that pulled an
   *     image from one registry no longer trusts the same bytes under another name, which would be
   *     those that were loaded for all tests.
   * @param model folder with the model
   */
  public static void build(String name, Path model, Path archive) {
    run(HOME, "data", "--name", name, "--title", name)
        .with("--files", model.toString(), "--out", archive.toString())
        .output();
  }

  /**
   * Builds the image of the example trainer anew, under a name of its own.
   *
   * @param title makes it another image
   */
  public static void buildTrainer(String name, String title, Path archive) {
    run(HOME, "app", "--name", name, "--title", title, "--skip-aot")
        .with("--app", Checkout.trainer().toString(), "--out", archive.toString())
        .output();
  }

  /** Pushes with the credentials that {@code docker login} left, if any. */
  public static void push(Path archive, String name) {
    push(archive, name, HOME);
  }

  /**
   * Pushes as another user.
   *
   * @param home folder with a {@code .docker/config.json}
   */
  public static void push(Path archive, String name, Path home) {
    run(home, "push", archive.toString(), "--to", name, "--insecure").output();
  }

  private static Command run(Path home, String... arguments) {
    return Command.of(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        .with("-Duser.home=" + home, "-cp", System.getProperty("java.class.path"))
        .with(Main.class.getName())
        .with(arguments);
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
