package dev.modelweir.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The committed files are what the records say; {@code -Dcrds.update} writes them anew. */
class GeneratedFilesTest {

  static final String UPDATE = "./mvnw -pl crds test -Dcrds.update";

  private static final Path DEFINITIONS = Path.of("generated");
  private static final Path CHART = Path.of("../helm-chart/files/crds");
  private static final Path REFERENCE = Path.of("API.md");

  @TestFactory
  Stream<DynamicTest> committedFilesAreUpToDate() {
    return generated().entrySet().stream()
        .map(file -> DynamicTest.dynamicTest(file.getKey().toString(), () -> check(file)));
  }

  /** A kind that is gone leaves no definition behind. */
  @Test
  void noOtherFileLiesBesideThem() throws IOException {
    var expected = generated().keySet();
    for (var folder : List.of(DEFINITIONS, CHART)) {
      try (var files = Files.list(folder)) {
        assertThat(files).as("delete what is not generated").allMatch(expected::contains);
      }
    }
  }

  private static void check(Map.Entry<Path, String> file) throws IOException {
    var path = file.getKey();
    if (System.getProperty("crds.update") != null) {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, file.getValue());
    }
    assertThat(Files.exists(path) ? Files.readString(path) : "(no such file)")
        .as("%s differs from the API records; run: %s", path, UPDATE)
        .isEqualTo(file.getValue());
  }

  private static Map<Path, String> generated() {
    var files = new LinkedHashMap<Path, String>();
    for (var kind : Crds.KINDS) {
      var yaml = Crds.generate(kind);
      var name = Crds.name(CrdYaml.read(yaml)) + ".yaml";
      files.put(DEFINITIONS.resolve(name), yaml);
      files.put(CHART.resolve(name), yaml);
    }
    files.put(REFERENCE, ApiReference.write(Crds.all()));
    return files;
  }
}
