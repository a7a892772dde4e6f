package dev.modelweir.crds;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One object in {@code src/test/fixtures} that the API server accepts or refuses.
 *
 * @param name the file name without its ending
 * @param expected the causes that the server's answer must list, as {@code FIELD: MESSAGE}; none
 *     for a valid one
 * @param stored the object that the server has already, for an update; null for a creation
 * @param object the object that is sent
 * @param text the YAML without the leading comment
 */
record Fixture(
    String name, List<String> expected, @Nullable JsonNode stored, JsonNode object, String text) {

  private static final Path FOLDER = Path.of("src/test/fixtures");

  static List<Fixture> valid() {
    return load("valid-");
  }

  static List<Fixture> invalid() {
    return load("invalid-");
  }

  /** What is refused only because of what is stored: two documents, before and after. */
  static List<Fixture> updates() {
    return load("update-");
  }

  /** The schema of its kind. */
  JsonNode schema() {
    return Crds.schema(Crds.all().get(kindIndex()));
  }

  /** Reads an object of this fixture's kind. */
  CustomResource<?, ?> read(KubernetesSerialization serialization, JsonNode json) {
    return serialization.unmarshal(json.toString(), Crds.KINDS.get(kindIndex()));
  }

  private int kindIndex() {
    var kind = object.path("kind").asText();
    var names = Crds.KINDS.stream().map(Class::getSimpleName).toList();
    if (!names.contains(kind)) {
      throw new AssertionError(name + " has an unknown kind: " + kind);
    }
    return names.indexOf(kind);
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
      var documents = text.split("(?m)^---\\n");
      var stored = documents.length > 1 ? CrdYaml.read(documents[0]) : null;
      var sent = CrdYaml.read(documents[documents.length - 1]);
      return new Fixture(name, expected(comment), stored, sent, text);
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
