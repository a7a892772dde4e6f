package dev.modelweir.server.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.modelweir.server.Contents;
import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the one model file. */
public final class ModelFile {
  private static final int MAX_DEPTH = 3;
  private static final String PREFERRED = "model.onnx";

  private ModelFile() {}

  /**
   * The path itself when it is a file; otherwise {@code model.onnx}, or the only {@code *.onnx}, in
   * the folder or up to three levels below. Hidden files and folders do not count: Kubernetes keeps
   * its own there.
   */
  public static Path find(Path path) throws ExitException {
    if (Files.isRegularFile(path)) {
      return path;
    }
    if (!Files.isDirectory(path)) {
      throw new ExitException(
          ExitReason.ModelNotFound,
          path + " does not exist; check the model's storageUri or MODELWEIR_MODEL_PATH");
    }
    List<Path> candidates = candidates(path);
    List<Path> preferred = candidates.stream().filter(file -> file.endsWith(PREFERRED)).toList();
    List<Path> found = preferred.isEmpty() ? candidates : preferred;
    return switch (found.size()) {
      case 0 ->
          throw new ExitException(
              ExitReason.ModelNotFound,
              "no *.onnx file in %s or up to %d folders below; check that the storageUri names the"
                      .formatted(path, MAX_DEPTH - 1)
                  + " model file or its folder");
      case 1 -> found.getFirst();
      default ->
          throw new ExitException(
              ExitReason.ModelLoadFailed,
              "more than one model in %s: %s; keep one, or name one model.onnx"
                  .formatted(path, relative(path, found)));
    };
  }

  /**
   * The digest of a model, {@code sha256:HEX}: of its file, or with weights in files beside it that
   * of the {@link Contents} of all these.
   */
  public static String digest(Path file) throws IOException {
    return digest(file, file.getFileName().toString());
  }

  /** The same of a file that is to be called otherwise. */
  public static String digest(Path file, String name) throws IOException {
    Contents contents = new Contents();
    contents.add(name, Sha256.of(file));
    for (String location : weights(file)) {
      contents.add(location, Sha256.of(file.resolveSibling(location)));
    }
    return contents.digest();
  }

  /**
   * Paths from the model's folder of the files that hold its weights, as the model writes them.
   * What is not there, or not in that folder, is left out: loading will tell.
   */
  public static SortedSet<String> weights(Path file) throws IOException {
    SortedSet<String> found = new TreeSet<>();
    try {
      Path folder = file.toAbsolutePath().resolveSibling("").normalize();
      for (String location : ExternalData.of(file)) {
        Path beside = folder.resolve(location).normalize();
        if (beside.startsWith(folder) && Files.isRegularFile(beside)) {
          found.add(folder.relativize(beside).toString());
        }
      }
    } catch (InvalidProtocolBufferException | InvalidPathException noModel) {
      return new TreeSet<>();
    }
    return found;
  }

  /** Fails unless the model has this {@link #digest}. */
  public static void checkDigest(Path file, String expected) throws ExitException {
    String actual;
    try {
      actual = digest(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (!actual.equalsIgnoreCase(expected)) {
      throw new ExitException(
          ExitReason.DigestMismatch,
          "%s has digest %s, expected %s; it changed or the digest is of another version"
              .formatted(file, actual, expected));
    }
  }

  /**
   * Bytes of the file and of those beside it that hold its weights, which for large models is
   * nearly all the memory that they take; of what cannot be read, loading will tell.
   */
  public static long bytes(Path file) {
    try {
      long bytes = Files.size(file);
      for (String location : weights(file)) {
        bytes += Files.size(file.resolveSibling(location));
      }
      return bytes;
    } catch (IOException e) {
      return file.toFile().length();
    }
  }

  private static List<Path> candidates(Path folder) throws ExitException {
    try (Stream<Path> files =
        Files.find(folder, MAX_DEPTH, (file, what) -> isModel(folder, file))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static boolean isModel(Path folder, Path file) {
    for (Path part : folder.relativize(file)) {
      if (part.toString().startsWith(".")) {
        return false;
      }
    }
    return file.toString().endsWith(".onnx") && Files.isRegularFile(file);
  }

  private static String relative(Path folder, List<Path> files) {
    return files.stream()
        .map(file -> folder.relativize(file).toString())
        .collect(Collectors.joining(", "));
  }

  private static ExitException unreadable(Path path, IOException cause) {
    return new ExitException(
        ExitReason.ModelLoadFailed,
        "%s cannot be read (%s); the files must be readable by uid 1001".formatted(path, cause));
  }
}
