package dev.modelweir.operator.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;

/**
 * A folder {@code ROOT/FAMILY/NAME}: what is seen ({@code in-*.yaml}, perhaps {@code
 * settings.yaml}) and what must come of it ({@code out-*.yaml}). {@code -Dgolden.update} writes the
 * latter anew; look at the difference before you commit it.
 */
public record CaseFolder(Path folder) {

  public static final String SETTINGS = "settings.yaml";

  private static final boolean UPDATE = System.getProperty("golden.update") != null;
  private static final Path RESOURCES =
      Path.of(System.getProperty("basedir", "."), "src/test/resources");

  /** Computes what must come of a case, names of files and their texts. */
  @FunctionalInterface
  public interface Thinking {

    /**
     * @param inputFiles the inputs to look at; leaving one out asks what difference it makes
     */
    Map<String, String> outcome(CaseFolder golden, List<String> inputFiles) throws IOException;
  }

  public static List<CaseFolder> below(String root) {
    Path top = RESOURCES.resolve(root);
    try (Stream<Path> folders = Files.walk(top, 2)) {
      return folders
          .filter(folder -> top.relativize(folder).getNameCount() == 2)
          .sorted()
          .map(CaseFolder::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A test per case, in a container per family.
   *
   * @param subject the input that a case is about and cannot do without
   */
  public static Stream<DynamicNode> tests(String root, String subject, Thinking thinking) {
    Map<String, List<CaseFolder>> families =
        below(root).stream()
            .collect(Collectors.groupingBy(CaseFolder::family, TreeMap::new, Collectors.toList()));
    return families.entrySet().stream()
        .map(family ->
            dynamicContainer(
                family.getKey(),
                family.getValue().stream()
                    .map(golden ->
                        dynamicTest(golden.name(), () -> golden.check(subject, thinking)))));
  }

  public String family() {
    return folder.getParent().getFileName().toString();
  }

  public String name() {
    return folder.getFileName().toString();
  }

  public String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  /** The text of an input, if it is among those to look at. */
  public Optional<String> text(String file, List<String> inputFiles) throws IOException {
    return inputFiles.contains(file) ? Optional.of(text(file)) : Optional.empty();
  }

  public List<String> inputFiles() throws IOException {
    return files().stream()
        .filter(file -> file.startsWith("in-") || file.equals(SETTINGS))
        .toList();
  }

  /** Values as files {@code out-NAME.yaml}; an empty list is no file. */
  public static Map<String, String> files(Map<String, ?> values) {
    Map<String, String> files = new TreeMap<>();
    values.forEach((name, value) -> files.put("out-" + name + ".yaml", Yaml.write(value)));
    files.values().removeIf("[]\n"::equals);
    return files;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void check(String subject, Thinking thinking) throws IOException {
    Map<String, String> outcome = thinking.outcome(this, inputFiles());
    if (UPDATE) {
      update(outcome);
    }
    List<String> others = new ArrayList<>(files());
    others.removeAll(inputFiles());
    assertThat(others)
        .as("files of the case: one that nothing reads, or one that is missing, is an error")
        .containsExactlyInAnyOrderElementsOf(outcome.keySet());
    for (var file : outcome.entrySet()) {
      assertThat(file.getValue()).as(file.getKey()).isEqualTo(text(file.getKey()));
    }
    for (String input : inputFiles()) {
      if (!input.equals(subject)) {
        checkUse(input, outcome, thinking);
      }
    }
  }

  /** An input that changes nothing is noise, unless being ignored is what the case is about. */
  private void checkUse(String input, Map<String, String> outcome, Thinking thinking)
      throws IOException {
    List<String> without = new ArrayList<>(inputFiles());
    without.remove(input);
    assertThat(!thinking.outcome(this, without).equals(outcome))
        .as("%s makes a difference (only in-ignored-*.yaml must not)", input)
        .isNotEqualTo(input.startsWith("in-ignored-"));
  }

  private void update(Map<String, String> outcome) throws IOException {
    for (String file : files()) {
      if (file.startsWith("out-")) {
        Files.delete(folder.resolve(file));
      }
    }
    for (var file : outcome.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
