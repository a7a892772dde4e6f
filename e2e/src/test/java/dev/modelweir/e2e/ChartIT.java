package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelweir.e2e.chart.Chart;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.Command;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chart renders, without installing it. {@code -De2e.update} rewrites the files of {@code
 * helm-chart/tests}.
 */
@EndToEnd
class ChartIT {
  private static final Path CASES = Chart.FOLDER.resolve("tests");
  private static final String VERSION = System.getProperty("modelweir.version", "");
  private static final String CRD = "kind: CustomResourceDefinition";
  private static final Pattern IMAGE = Pattern.compile("image: \\S+:(\\S+)");
  private static final Pattern RIGHTS = Pattern.compile("(?m)^\\| (`.*`) \\| ([a-z, ]+) \\|");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z.]+)` \\| (.*?) \\|");

  private final Chart chart;

  ChartIT(Platform platform) {
    this.chart = new Chart(platform.helm());
  }

  static List<Named<Path>> cases() {
    return entries(Files::isDirectory);
  }

  static List<Named<Path>> invalidValues() {
    return entries(Files::isRegularFile);
  }

  @Test
  void lintFindsNothing() {
    assertThat(chart.helm().with("lint", "--strict", Chart.FOLDER.toString()).output())
        .contains("1 chart(s) linted, 0 chart(s) failed");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersWhatTheCaseExpects(Path folder) throws IOException {
    String rendered =
        Chart.documents(chart.template(folder.resolve("values.yaml")).output()).stream()
            .filter(document -> !document.contains(CRD))
            .collect(Collectors.joining("\n---\n", "---\n", "\n"));
    Path expected = folder.resolve("expected.yaml");
    if (System.getProperty("e2e.update") != null) {
      Files.writeString(expected, rendered);
    }

    assertThat(rendered).as("compared with %s", expected).isEqualTo(Files.readString(expected));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("files that no test reads")
          .containsExactlyInAnyOrder("values.yaml", "expected.yaml");
    }
  }

  @ParameterizedTest
  @MethodSource("invalidValues")
  void theSchemaRefuses(Path values) {
    Command.Result result = chart.template(values).run();

    String firstLine = Checkout.text(values.toString()).lines().findFirst().orElse("");
    assertThat(firstLine).startsWith("# expected: at '");
    assertThat(result.ok()).isFalse();
    assertThat(result.err().lines().filter(line -> line.startsWith("- at ")))
        .containsExactly(firstLine.replaceFirst("# expected: ", "- "));
  }

  @Test
  void theCrdsAreThoseOfTheApiAndStayOnUninstall() {
    Map<String, JsonNode> rendered = new TreeMap<>();
    Chart.objects(chart.template(CASES.resolve("default/values.yaml")).output())
        .filter(object -> object.path("kind").asText().equals("CustomResourceDefinition"))
        .forEach(crd -> rendered.put(crd.at("/metadata/name").asText(), crd));

    assertThat(rendered.keySet().stream().map(name -> name + ".yaml"))
        .containsExactlyElementsOf(names(Chart.FOLDER.resolve("files/crds")))
        .containsExactlyElementsOf(names(Checkout.path("crds/generated")));
    rendered.forEach((name, crd) -> {
      ObjectNode metadata = (ObjectNode) crd.path("metadata");
      metadata.remove("labels");
      ObjectNode annotations = (ObjectNode) metadata.path("annotations");
      assertThat(annotations.remove("helm.sh/resource-policy").asText()).isEqualTo("keep");
      if (annotations.isEmpty()) {
        metadata.remove("annotations");
      }
      assertThat(crd).isEqualTo(Chart.read(Checkout.text("crds/generated/" + name + ".yaml")));
    });
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    JsonNode chartYaml = Chart.read(Checkout.text("helm-chart/Chart.yaml"));

    assertThat(chartYaml.path("version").asText()).isEqualTo(VERSION);
    assertThat(chartYaml.path("appVersion").asText()).isEqualTo(VERSION);
    String images = chartYaml.path("annotations").path("artifacthub.io/images").asText();
    assertThat(IMAGE.matcher(images).results().map(image -> image.group(1)))
        .containsExactly(VERSION, VERSION);
  }

  @Test
  void theReadmeListsEveryValueWithItsDefault() {
    JsonNode values = Chart.read(Checkout.text("helm-chart/values.yaml"));
    List<String> leaves = leaves("", values);
    Map<String, String> rows = new TreeMap<>();
    String readme = Checkout.text("helm-chart/README.md");
    ROW.matcher(readme.substring(readme.indexOf("## Values")))
        .results()
        .forEach(row -> rows.put(row.group(1), row.group(2)));

    assertThat(leaves.stream().filter(leaf -> rows.keySet().stream().noneMatch(isOf(leaf))))
        .as("values that the README lacks")
        .isEmpty();
    rows.forEach((row, value) -> {
      assertThat(leaves).as("values of row %s", row).anyMatch(leaf -> isOf(leaf).test(row));
      // Others are in words.
      if (value.startsWith("`")) {
        assertThat(Chart.read(value.replace("`", "")))
            .as("default of %s", row)
            .isEqualTo(values.at("/" + row.replace('.', '/')));
      }
    });
  }

  @Test
  void theReadmeListsTheRightsOfTheOperator() {
    Map<String, String> verbs = new TreeMap<>();
    Chart.objects(chart.template(CASES.resolve("default/values.yaml")).output())
        .filter(object -> object.path("kind").asText().equals("ClusterRole"))
        .filter(role -> role.at("/metadata/name").asText().equals("modelweir-operator"))
        .flatMap(role -> role.path("rules").valueStream())
        .forEach(rule ->
            rule.path("resources")
                .forEach(kind -> verbs.put(kind.asText(), joined(rule.path("verbs")))));
    Map<String, String> rows = new TreeMap<>();
    RIGHTS
        .matcher(Checkout.text("helm-chart/README.md"))
        .results()
        .forEach(row ->
            Stream.of(row.group(1).split(", "))
                .forEach(kind -> rows.put(kind.replace("`", ""), row.group(2))));

    assertThat(rows).isEqualTo(verbs);
  }

  private static String joined(JsonNode words) {
    return words.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
  }

  /** Whether a row of the README speaks of this value: as such, or of all in the same map. */
  private static Predicate<String> isOf(String leaf) {
    return row -> leaf.equals(row) || leaf.startsWith(row + ".");
  }

  private static List<String> leaves(String path, JsonNode value) {
    if (!value.isObject() || value.isEmpty()) {
      return List.of(path.substring(1));
    }
    List<String> leaves = new ArrayList<>();
    value
        .properties()
        .forEach(field -> leaves.addAll(leaves(path + "." + field.getKey(), field.getValue())));
    return leaves;
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  private static List<Named<Path>> entries(Predicate<Path> wanted) {
    return names(CASES).stream()
        .map(CASES::resolve)
        .filter(wanted)
        .map(path -> Named.of(path.getFileName().toString(), path))
        .toList();
  }
}
