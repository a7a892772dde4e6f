package dev.modelweir.image.oci;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import dev.modelweir.image.ImageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything an image consists of, apart from its base.
 *
 * @param name the full name, such as {@code registry.modelweir.dev/modelweir/server:1.0}
 * @param layers from the lowest up; put what changes often last
 * @param workingDirectory also the home of the files; empty when nothing runs in the image
 * @param user numeric user, empty for an image that nothing runs in
 */
public record ImageSpec(
    ImageReference name,
    List<Layer> layers,
    List<String> entryPoint,
    Map<String, String> environment,
    Map<String, String> labels,
    String workingDirectory,
    String user) {

  /** One layer: the files of one folder, or one file, placed at {@code target} inside the image. */
  public record Layer(String name, List<Content> contents) {
    public record Content(Path source, String target) {}
  }

  /** Parses any image name, also a short one that means Docker Hub. */
  public static ImageReference parseName(String name) throws ImageException {
    try {
      return ImageReference.parse(name);
    } catch (InvalidImageReferenceException invalid) {
      throw new ImageException(name + " is no image name: use HOST/PATH:TAG");
    }
  }

  /**
   * Parses the name for an image of ours. Names of Docker Hub are refused: jib shortens them in the
   * archive, and a node would not find the loaded image under the name that its pod asks for.
   */
  public static ImageReference parseOwnName(String name) throws ImageException {
    ImageReference reference = parseName(name);
    if (!reference.toString().startsWith(reference.getRegistry() + "/")) {
      throw new ImageException(
          name + " names no registry, or Docker Hub: use HOST/PATH:TAG, and push there afterwards");
    }
    return reference;
  }
}
