package dev.modelweir.image.oci;

import com.google.cloud.tools.jib.api.ImageReference;
import java.nio.file.Path;

/** What an image is built upon. */
public sealed interface Base {
  /** Nothing: for images that only carry files. */
  record Scratch() implements Base {}

  /** An archive as {@code docker save} writes it. */
  record Archive(Path file) implements Base {}

  /** An image that a registry serves. */
  record Registry(ImageReference name) implements Base {}
}
