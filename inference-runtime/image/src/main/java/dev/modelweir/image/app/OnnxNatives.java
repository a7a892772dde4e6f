package dev.modelweir.image.app;

import dev.modelweir.image.Folder;
import dev.modelweir.image.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes ONNX Runtime's native libraries out of its jar, where those of all platforms make up nearly
 * all of the size and would be unpacked again at every start.
 */
final class OnnxNatives {
  private static final String NATIVES = "ai/onnxruntime/native/";

  private OnnxNatives() {}

  /**
   * Moves the libraries of this platform from the jar below {@code libraries} to {@code target} and
   * drops all others.
   *
   * @return {@code target}, or nothing when the application does not use ONNX Runtime
   */
  static Optional<Path> extract(Path libraries, Path target) throws IOException {
    new Folder(target).delete();
    for (Path jar : new Folder(libraries).files()) {
      if (jar.getFileName().toString().matches("(.*\\.)?onnxruntime(_gpu)?-\\d.*\\.jar")) {
        Files.createDirectories(target);
        Path slim = jar.resolveSibling(jar.getFileName() + ".slim");
        split(jar, slim, target);
        Files.delete(jar);
        Files.move(slim, jar);
        return Optional.of(target);
      }
    }
    return Optional.empty();
  }

  private static void split(Path jar, Path slim, Path target) throws IOException {
    String ours = NATIVES + Platform.current().onnxRuntimeFolder() + "/";
    try (var in = new ZipFile(jar.toFile());
        var out = new ZipOutputStream(Files.newOutputStream(slim))) {
      for (ZipEntry entry : in.stream().toList()) {
        String name = entry.getName();
        if (!name.startsWith(NATIVES)) {
          var copy = new ZipEntry(name);
          copy.setTime(entry.getTime());
          out.putNextEntry(copy);
          in.getInputStream(entry).transferTo(out);
        } else if (name.startsWith(ours) && !entry.isDirectory()) {
          Files.copy(in.getInputStream(entry), target.resolve(name.substring(ours.length())));
        }
      }
    }
  }
}
