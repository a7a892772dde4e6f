package dev.modelweir.server.repository;

import dev.modelweir.protocol.InferenceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a client may say when it asks to load a model.
 *
 * @param config configuration in place of the model's own
 * @param files content in place of the store's, by {@code VERSION/FILE}; needs {@code config}
 */
public record LoadRequest(@Nullable String config, Map<String, byte[]> files) {
  private static final Pattern PLACE =
      Pattern.compile("([1-9][0-9]{0,17})/([A-Za-z0-9_][A-Za-z0-9_.-]{0,200})");

  /** As the store has it. */
  public static final LoadRequest PLAIN = new LoadRequest(null, Map.of());

  public LoadRequest {
    files = Map.copyOf(files);
    for (String place : files.keySet()) {
      if (!PLACE.matcher(place).matches()) {
        throw InferenceException.invalid(
            "parameter \"file:%s\" must name VERSION/FILE, such as file:1/model.onnx", place);
      }
    }
    if (!files.isEmpty() && config == null) {
      throw InferenceException.invalid("files need the parameter \"config\" beside them");
    }
  }

  /** Memory that it takes until it is carried out. */
  long bytes() {
    return files.values().stream().mapToLong(file -> file.length).sum();
  }

  /** Puts the files below a folder, and says where each version is. */
  NavigableMap<Long, Path> write(Path folder) {
    NavigableMap<Long, Path> versions = new TreeMap<>();
    try {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Matcher place = PLACE.matcher(file.getKey());
        if (place.matches()) {
          Path version = Files.createDirectories(folder.resolve(place.group(1)));
          Files.write(version.resolve(place.group(2)), file.getValue());
          versions.put(Long.valueOf(place.group(1)), version);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions;
  }

  /** Removes what {@link #write} left, which the loaded model needs no longer. */
  static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
