package dev.modelweir.image.base;

import dev.modelweir.image.Folder;
import dev.modelweir.image.ImageException;
import dev.modelweir.image.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A base image assembled on this machine.
 *
 * @param archive the image, two layers, as {@code docker save} would write it
 * @param java the Java run-time inside it, unpacked: the one an AOT cache has to be trained with
 */
public record BaseImage(Path archive, Path java) {

  /** Where the Java run-time lies inside the image. */
  private static final String JAVA_HOME = "/opt/java";

  /** Part of the cache key: raise it when the way the image is put together changes. */
  private static final String RECIPE = "1";

  private static final String REMEDY =
      "Build where Debian's apt works (apt-get update needs root), or build on any image that"
          + " has a Java 25 run-time on its PATH: -Dimage.base=REGISTRY/IMAGE:TAG";

  /** {@code $MODELWEIR_CACHE/image-base}, by default below {@code ~/.cache/modelweir}. */
  public static Path defaultCache() {
    String cache = System.getenv("MODELWEIR_CACHE");
    Path root =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "modelweir")
            : Path.of(cache);
    return root.resolve("image-base");
  }

  /**
   * Returns the base image for this JDK and the packages that apt offers now, from {@code cache}
   * when it was assembled before.
   *
   * @throws ImageException when there is no apt, or its packages cannot be had
   */
  public static BaseImage assemble(Path cache) throws IOException, InterruptedException {
    try {
      return assemble(cache, DebianPackages.available());
    } catch (ImageException stale) {
      Progress.say("fetching apt's package lists, because: %s", stale.getMessage());
    }
    try {
      DebianPackages.refresh();
      return assemble(cache, DebianPackages.available());
    } catch (ImageException failure) {
      throw new ImageException(
          "cannot assemble the base image: " + failure.getMessage() + "\n" + REMEDY);
    }
  }

  private static BaseImage assemble(Path cache, DebianPackages packages)
      throws IOException, InterruptedException {
    JavaRuntime runtime = JavaRuntime.ofThisBuild();
    Path home = cache.resolve(key(RECIPE + packages.identity() + runtime.identity()));
    var image = new BaseImage(home.resolve("base.tar"), home.resolve("java"));
    if (!Files.exists(home)) {
      Progress.say("assembling the base image (once): %s", home);
      Path work = Files.createTempDirectory(Files.createDirectories(cache), ".new-");
      try {
        build(work, packages, runtime);
        publish(work, home);
      } finally {
        new Folder(work).delete();
      }
    }
    return image;
  }

  private static void build(Path work, DebianPackages packages, JavaRuntime runtime)
      throws IOException, InterruptedException {
    Path system = work.resolve("system");
    Path java = work.resolve("layer" + JAVA_HOME);
    packages.unpackTo(system, work.resolve("packages"));
    Files.createDirectories(java.getParent());
    runtime.linkTo(java);
    DockerArchive.write(
        work.resolve("base.tar"),
        List.of(
            LayerArchive.pack(system, work.resolve("system.tar.gz")),
            LayerArchive.pack(work.resolve("layer"), work.resolve("java.tar.gz"))),
        JAVA_HOME);
    Files.move(java, work.resolve("java"));
    for (String rest : List.of("system", "packages", "layer")) {
      new Folder(work.resolve(rest)).delete();
    }
    Files.delete(work.resolve("system.tar.gz"));
    Files.delete(work.resolve("java.tar.gz"));
  }

  private static void publish(Path work, Path home) throws IOException {
    try {
      Files.move(work, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException exists) {
      // Another build may have finished the same image meanwhile: its copy is as good as ours.
      if (!Files.exists(home)) {
        throw exists;
      }
    }
  }

  private static String key(String identity) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 10);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
