package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.e2e.chart.Chart;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.Command;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API server says to good and to bad YAML: the fixtures of {@code crds}, as they are. */
@EndToEnd
class ValidationIT {
  private static final Path FIXTURES = Checkout.path("crds/src/test/fixtures");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestNamespace namespace;

  ValidationIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  /** One object with the words, in its leading comment, by which it is refused. */
  record Fixture(String name, String yaml) {

    /** Each {@code # expect: …} is one cause; it goes on in the comment lines below it. */
    List<String> expected() {
      String comment =
          yaml.lines()
              .takeWhile(line -> line.startsWith("#"))
              .map(line -> line.substring(1).strip())
              .collect(Collectors.joining(" "));
      return Stream.of(comment.split(" ?expect: ")).filter(cause -> !cause.isEmpty()).toList();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Fixture> valid() {
    return fixtures("valid-");
  }

  static List<Fixture> updates() {
    return fixtures("update-");
  }

  static List<Fixture> invalid() {
    return fixtures("invalid-");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void accepts(Fixture fixture) {
    HttpResponse<String> answer = create(fixture);

    assertThat(answer.code()).as(answer.body()).isEqualTo(201);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesWithTheExpectedWords(Fixture fixture) throws IOException {
    HttpResponse<String> answer = create(fixture);

    assertThat(answer.code()).as(answer.body()).isBetween(400, 499);
    JsonNode status = JSON.readTree(answer.body());
    List<String> causes = causes(status);
    if (causes.isEmpty()) {
      assertThat(status.path("message").asText()).endsWith(String.join(" ", fixture.expected()));
    } else {
      assertThat(causes).containsExactlyInAnyOrderElementsOf(fixture.expected());
    }
  }

  /** Two documents: the second is refused only because the first is stored. */
  @ParameterizedTest
  @MethodSource("updates")
  void refusesAChangeWithTheExpectedWords(Fixture fixture) throws IOException {
    String[] documents = fixture.yaml().split("(?m)^---\n");
    JsonNode stored = Chart.read(documents[0]);
    String created = url(stored, "");
    HttpResponse<String> before = send("POST", created, "application/yaml", documents[0]);
    assertThat(before.code()).as(before.body()).isEqualTo(201);
    String object = created + "/" + stored.at("/metadata/name").asText();
    try {
      HttpResponse<String> answer =
          send(
              "PATCH",
              object + "?dryRun=All",
              "application/merge-patch+json",
              Chart.read(documents[1]).toString());

      assertThat(answer.code()).as(answer.body()).isEqualTo(422);
      assertThat(causes(JSON.readTree(answer.body())))
          .containsExactlyInAnyOrderElementsOf(fixture.expected());
    } finally {
      send("DELETE", object, "application/json", "{}");
    }
  }

  @Test
  void kubectlShowsTheRemedyAndCreatesNothing() {
    Path file = FIXTURES.resolve("invalid-model-digest-without-uri.yaml");

    Command.Result refused = namespace.kubectl("apply", "-f", file.toString()).run();

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains("is invalid: spec.model.digest: Forbidden:", "set `storageUri` or remove");
    assertThat(namespace.kubectl("get", "isvc", "-o", "name").output()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"isvc, inferenceservices", "tj, trainingjobs", "mdl, models", "mv, modelversions"})
  void explainDescribesEveryField(String word, String plural) {
    // kubectl remembers for minutes which resources there are; this makes it look again.
    namespace.kubectl("api-resources", "--api-group=modelweir.dev").output();
    JsonNode crd =
        Chart.read(Checkout.text("crds/generated/%s.modelweir.dev.yaml".formatted(plural)));
    JsonNode spec = crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");

    List<String> missing = new ArrayList<>();
    collectUnexplained(word + ".spec", spec, missing);

    assertThat(missing).isEmpty();
  }

  private void collectUnexplained(String path, JsonNode schema, List<String> missing) {
    String text = letters(namespace.kubectl("explain", path).output());
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String below = path + "." + field.getKey();
      String description = field.getValue().path("description").asText();
      if (description.isEmpty() || !text.contains(letters(description))) {
        missing.add(below);
      }
      JsonNode inner =
          field.getValue().has("items") ? field.getValue().path("items") : field.getValue();
      if (inner.has("properties")) {
        collectUnexplained(below, inner, missing);
      }
    }
  }

  /** Without white space: {@code kubectl explain} breaks lines. */
  private static String letters(String text) {
    return text.replaceAll("\\s", "");
  }

  /** Sends a fixture as it is, as a strict dry run. */
  private HttpResponse<String> create(Fixture fixture) {
    String url = url(Chart.read(fixture.yaml()), "?fieldValidation=Strict&dryRun=All");
    return send("POST", url, "application/yaml", fixture.yaml());
  }

  /** Where objects of this one's kind are created. */
  private String url(JsonNode object, String query) {
    return "%sapis/%s/namespaces/%s/%ss%s"
        .formatted(
            namespace.client().getMasterUrl(),
            object.path("apiVersion").asText(),
            namespace.name(),
            object.path("kind").asText().toLowerCase(Locale.ROOT),
            query);
  }

  private HttpResponse<String> send(String method, String url, String type, String body) {
    HttpClient http = namespace.client().getHttpClient();
    return http.sendAsync(
            http.newHttpRequestBuilder().uri(url).method(method, type, body).build(), String.class)
        .join();
  }

  /** All causes but the server's remark that it did not get to check everything. */
  private static List<String> causes(JsonNode status) {
    List<String> causes = new ArrayList<>();
    for (JsonNode cause : status.at("/details/causes")) {
      if (!cause.path("field").asText().equals("<nil>")) {
        causes.add(cause.path("field").asText() + ": " + cause.path("message").asText());
      }
    }
    return causes;
  }

  private static List<Fixture> fixtures(String prefix) {
    try (Stream<Path> files = Files.list(FIXTURES)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .map(file -> new Fixture(file.getFileName().toString(), Checkout.text(file.toString())))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + FIXTURES, e);
    }
  }
}
