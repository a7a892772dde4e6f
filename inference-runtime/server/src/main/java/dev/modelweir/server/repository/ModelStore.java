package dev.modelweir.server.repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where models lie: which names there are, and where each version is. */
public sealed interface ModelStore {
  /** The file of the only version of a model that has no versions. */
  long FIRST_VERSION = 1;

  /** Names of all models. */
  Set<String> names();

  /**
   * The file of each version, or the folder that should hold it, in ascending order; empty for an
   * unknown model.
   */
  NavigableMap<Long, Path> versions(String name);

  /** The model's configuration file, if it has one. */
  Optional<String> config(String name);

  /** One model under a given name: a file, or a folder that holds one. */
  record Single(String name, Path path) implements ModelStore {
    @Override
    public Set<String> names() {
      return Set.of(name);
    }

    @Override
    public NavigableMap<Long, Path> versions(String wanted) {
      TreeMap<Long, Path> versions = new TreeMap<>();
      if (wanted.equals(name)) {
        versions.put(FIRST_VERSION, path);
      }
      return versions;
    }

    @Override
    public Optional<String> config(String wanted) {
      return wanted.equals(name) ? read(path.resolve(CONFIG)) : Optional.empty();
    }
  }

  /**
   * Every model below a folder: {@code NAME/VERSION/model.onnx}, or {@code NAME/model.onnx} as
   * version 1. Whatever begins with a dot or ends in {@code .tmp} or {@code .partial} is somebody's
   * unfinished work and does not count.
   */
  record Folder(Path root) implements ModelStore {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    @Override
    public Set<String> names() {
      Set<String> names = new TreeSet<>();
      for (Path child : children(root)) {
        String name = child.getFileName().toString();
        if (Files.isDirectory(child) && isName(name)) {
          names.add(name);
        }
      }
      return names;
    }

    @Override
    public NavigableMap<Long, Path> versions(String name) {
      TreeMap<Long, Path> versions = new TreeMap<>();
      if (!isName(name)) {
        return versions;
      }
      for (Path child : children(root.resolve(name))) {
        String version = child.getFileName().toString();
        if (Files.isDirectory(child) && VERSION.matcher(version).matches()) {
          versions.put(Long.valueOf(version), child);
        }
      }
      Path only = root.resolve(name).resolve("model.onnx");
      if (versions.isEmpty() && Files.isRegularFile(only)) {
        versions.put(FIRST_VERSION, only);
      }
      return versions;
    }

    @Override
    public Optional<String> config(String name) {
      return isName(name) ? read(root.resolve(name).resolve(CONFIG)) : Optional.empty();
    }

    private static boolean isName(String name) {
      return NAME.matcher(name).matches() && !name.endsWith(".tmp") && !name.endsWith(".partial");
    }

    private static List<Path> children(Path folder) {
      if (!Files.isDirectory(folder)) {
        return List.of();
      }
      try (Stream<Path> children = Files.list(folder)) {
        return children.sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A model's configuration lies beside its versions. */
  String CONFIG = "config.json";

  private static Optional<String> read(Path file) {
    try {
      return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
