package dev.modelweir.server.publish;

import dev.modelweir.server.engine.ModelFile;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One version of a model, as it is stored.
 *
 * @param folder {@code MODEL/sha256-HEX}
 * @param digest of the model with its weights, as {@link ModelFile#digest} of what is stored
 * @param weights those of {@code others} that hold weights of the model
 * @param others what lies beside the model file, by path with {@code /} between segments
 */
record Artifact(
    String folder,
    String digest,
    Content model,
    SortedSet<String> weights,
    SortedMap<String, Content> others) {
  static final String MODEL_FILE = "model.onnx";

  /** What the model will have as its digest once it is stored. */
  static String digest(Path model) throws IOException {
    return ModelFile.digest(model, MODEL_FILE);
  }

  /**
   * Everything that training wrote. What lies beside the model file or below keeps its place
   * relative to it, as files with external weights must; the rest keeps its place in the folder.
   * Hidden files stay behind.
   *
   * @param made added, in place of what is called the same
   */
  static Artifact of(String name, String digest, Path folder, Path model, Map<String, Content> made)
      throws ExitException, IOException {
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
        name + "/" + digest.replace(':', '-'),
        digest,
        new Content.Written(model),
        ModelFile.weights(model),
        others);
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
