package dev.modelweir.e2e.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Helm's view of the chart, without a cluster. */
public record Chart(Command helm) {
  public static final Path FOLDER = Checkout.path("helm-chart");

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---$");

  /** {@code helm template} as release {@code modelweir} with these values, not run yet. */
  public Command template(Path values) {
    return helm.with("template", "modelweir", FOLDER.toString())
        .with("--namespace", "modelweir-system", "--kube-version", "1.37.0")
        .with("--values", values.toString());
  }

  /** The documents of a stream of YAML, each as it was printed, without the blank lines around. */
  public static List<String> documents(String stream) {
    return SEPARATOR
        .splitAsStream(stream)
        .map(document -> document.replaceFirst("^\n+", "").stripTrailing())
        .filter(document -> !document.isEmpty())
        .toList();
  }

  /** The objects of a stream of YAML. */
  public static Stream<JsonNode> objects(String stream) {
    return documents(stream).stream().map(Chart::read);
  }

  public static JsonNode read(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not YAML: " + yaml, e);
    }
  }
}
