package dev.modelweir.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of the checkout that the tests belong to, from wherever they are run. */
public final class Checkout {
  private static final Path ROOT = root();

  private Checkout() {}

  /** A path from the top of the checkout. */
  public static Path path(String relative) {
    return ROOT.resolve(relative);
  }

  public static String text(String relative) {
    try {
      return Files.readString(path(relative));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path(relative), e);
    }
  }

  /** The quick start's model file, {@code v1} or {@code v2}. */
  public static Path irisModel(String tag) {
    String folder = tag.equals("v1") ? "model" : "model-" + tag;
    return built("examples/quickstart/target/%s/model.onnx".formatted(folder));
  }

  /** The flowers in the image {@code examples/iris-data}. */
  public static Path irisData() {
    return built("examples/quickstart/target/data/iris.csv");
  }

  /** The example trainer as it is packed into its image. */
  static Path trainer() {
    return built("examples/trainer/target/app/trainer.jar").getParent();
  }

  private static Path built(String relative) {
    Path file = path(relative);
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          "there is no %s: build it with `./mvnw package` (without -Dimage.skip)".formatted(file));
    }
    return file;
  }

  /** The archives of every image that the tests use. */
  static List<Path> archives() {
    return List.of(
        operatorImage(),
        serverImage(),
        trainerImage(),
        irisImage("v1"),
        irisImage("v2"),
        built("examples/quickstart/target/image/iris-data.tar"));
  }

  static Path operatorImage() {
    return built("operator/target/image/operator.tar");
  }

  static Path serverImage() {
    return built("inference-runtime/server/target/image/server.tar");
  }

  static Path trainerImage() {
    return built("examples/trainer/target/image/trainer.tar");
  }

  /** The archive of the quick start's model image, {@code v1} or {@code v2}. */
  public static Path irisImage(String tag) {
    return built(
        "examples/quickstart/target/image/iris%s.tar".formatted(tag.equals("v1") ? "" : "-" + tag));
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("mvnw"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("the end-to-end tests must run inside a checkout");
      }
    }
    return folder;
  }
}
