package dev.modelweir.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One object in {@code src/test/fixtures} that the API server accepts or refuses.
 *
 * @param name the file name without its ending
 * @param expected the causes that the server's answer must list, as {@code FIELD: MESSAGE}; none
 *     for a valid one
 * @param object the object
 * @param text the YAML without the leading comment
 */
record Fixture(String name, List<String> expected, JsonNode object, String text) {

  private static final Path FOLDER = Path.of("src/test/fixtures");

  static List<Fixture> valid() {
    return load("valid-");
  }

  static List<Fixture> invalid() {
    return load("invalid-");
  }

  /** The YAML that introduces a kind in the reference: the fixture {@code valid-example-KIND}. */
  static String example(String kind) {
    var name = "valid-example-" + kind.toLowerCase(Locale.ROOT);
    return load(name).getFirst().text();
  }

  private static List<Fixture> load(String prefix) {
    try (var files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .map(Fixture::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + FOLDER.toAbsolutePath(), e);
    }
  }

  private static Fixture read(Path file) {
    try {
      var lines = Files.readAllLines(file);
      var comment = lines.stream().takeWhile(line -> line.startsWith("#")).toList();
      var text = String.join("\n", lines.subList(comment.size(), lines.size())) + "\n";
      var name = file.getFileName().toString().replaceFirst("\\.yaml$", "");
      return new Fixture(name, expected(comment), CrdYaml.read(text), text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file.toAbsolutePath(), e);
    }
  }

  /** Each {@code # expect: …} is one cause; it goes on in the comment lines below it. */
  private static List<String> expected(List<String> comment) {
    var text = comment.stream().map(l -> l.substring(1).strip()).collect(Collectors.joining(" "));
    return Stream.of(text.split(" ?expect: ")).filter(cause -> !cause.isEmpty()).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
