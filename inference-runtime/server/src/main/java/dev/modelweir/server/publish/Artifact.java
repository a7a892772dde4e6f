package dev.modelweir.server.publish;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One version of a model, as it is stored.
 *
 * @param folder {@code MODEL/sha256-HEX}
 * @param digest of the model file, {@code sha256:HEX}
 * @param others what lies beside the model file, by path with {@code /} between segments
 */
record Artifact(String folder, String digest, Content model, SortedMap<String, Content> others) {
  static final String MODEL_FILE = "model.onnx";

  /**
   * Everything that training wrote. What lies beside the model file or below keeps its place
   * relative to it, as files with external weights must; the rest keeps its place in the folder.
   * Hidden files stay behind.
   *
   * @param made added, in place of what is called the same
   */
  static Artifact of(String name, String digest, Path folder, Path model, Map<String, Content> made)
      throws ExitException {
    SortedMap<String, Content> others = new TreeMap<>();
    Path home = model.toAbsolutePath().resolveSibling("");
    for (Path file : files(folder)) {
      if (!file.equals(model)) {
        Path absolute = file.toAbsolutePath();
        boolean beside = absolute.startsWith(home);
        Path place = beside ? home.relativize(absolute) : folder.relativize(file);
        Content content = new Content.Written(file);
        if (beside) {
          others.put(place.toString(), content);
        } else {
          others.putIfAbsent(place.toString(), content);
        }
      }
    }
    others.putAll(made);
    return new Artifact(
        name + "/" + digest.replace(':', '-'), digest, new Content.Written(model), others);
  }

  private static Iterable<Path> files(Path folder) throws ExitException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !hidden(folder.relativize(file)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ExitException(ExitReason.StoreFailed, folder + " cannot be read: " + e);
    }
  }

  private static boolean hidden(Path place) {
    for (Path part : place) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** Bytes of all files together. */
  long size() throws IOException {
    long total = model.size();
    for (Content other : others.values()) {
      total += other.size();
    }
    return total;
  }
}
