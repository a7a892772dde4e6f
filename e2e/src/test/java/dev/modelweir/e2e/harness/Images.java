package dev.modelweir.e2e.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Names of the project's images in a cluster.
 *
 * @param repository host and path that all of them have; empty when they kept the names the build
 *     gave them
 */
public record Images(String repository) {
  private static final String BUILT = "registry.modelweir.dev/";
  private static final String VERSION = System.getProperty("modelweir.version", "0.1.0-SNAPSHOT");

  static final Images AS_BUILT = new Images("");

  /** Refuses archives under other names at once; pods would wait for the right ones in vain. */
  static void checkNames(List<Path> archives) {
    Set<String> known =
        Set.of(
            AS_BUILT.operator(),
            AS_BUILT.server(),
            AS_BUILT.trainer(),
            AS_BUILT.iris("v1"),
            AS_BUILT.iris("v2"),
            AS_BUILT.irisData());
    for (Path archive : archives) {
      String name = ImageTool.name(archive);
      if (!known.contains(name)) {
        throw new IllegalStateException(
            "%s holds %s, which is none of %s: build it again without -Dimage.repository"
                .formatted(archive, name, known));
      }
    }
  }

  public String operator() {
    return named(BUILT + "modelweir/operator:" + VERSION);
  }

  public String server() {
    return named(BUILT + "modelweir/server:" + VERSION);
  }

  public String trainer() {
    return named(BUILT + "examples/trainer:" + VERSION);
  }

  /** The CSV of the quick start's flowers. */
  public String irisData() {
    return named(BUILT + "examples/iris-data:v1");
  }

  /** The model image of the quick start, {@code v1} or {@code v2}. */
  public String iris(String tag) {
    return named(BUILT + "examples/iris:" + tag);
  }

  /** Any text, such as YAML, with the built names in it replaced by those in this cluster. */
  public String named(String text) {
    return repository.isEmpty()
        ? text
        : text.replace(BUILT + "modelweir/", repository + "/")
            .replace(BUILT + "examples/", repository + "/");
  }

  /** The other way round, for the model images in what the cluster says. */
  String asBuilt(String text) {
    return repository.isEmpty() ? text : text.replace(repository + "/", BUILT + "examples/");
  }
}
