package dev.modelweir.crds;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.api.v1alpha1.ModelState;
import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The records read and write what the API server stores, also when it is newer than they are. */
class ApiTypesTest {

  private static final Path CLASSES = Path.of("target/classes");
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  static List<Fixture> fixtures() {
    return Fixture.valid();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void anObjectIsWrittenAsItWasRead(Fixture fixture) {
    var written = CrdYaml.read(JSON.asJson(read(fixture)));
    // A quantity may be read as a number; it is written as text.
    assertThat(written.equals(Comparator.comparing(JsonNode::asText), fixture.object()))
        .as("%s", written)
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void fieldsOfANewerVersionAreIgnoredEverywhere(Fixture fixture) {
    var newer = fixture.object().deepCopy();
    addUnknownFields(newer, SchemaNode.root(fixture.schema()));
    assertThat(newer).isNotEqualTo(fixture.object());
    assertThat(fixture.read(JSON, newer).getSpec()).isEqualTo(read(fixture).getSpec());
  }

  /** A word of a newer version must not stop the informer: it reads as absent. */
  @Test
  void wordsOfANewerVersionReadAsAbsent() {
    var service =
        read(
            CrdYaml.read(
                """
                spec: {model: {format: Tomorrow, storageUri: pvc://models}}
                status: {model: {state: Dreaming, name: models}}
                """));
    assertThat(service.getSpec().model().format()).isNull();
    assertThat(service.getSpec().model().storageUri()).isEqualTo("pvc://models");
    var status = requireNonNull(service.getStatus().model());
    assertThat(status.state()).isNull();
    assertThat(status.name()).isEqualTo("models");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "spec: {}", "spec: {model: {}}", "status: {}", "spec: null"})
  void anObjectWithHolesIsRead(String yaml) {
    assertThat(read(CrdYaml.read(yaml))).isNotNull();
  }

  @Test
  void enumsAreCamelCaseWords() {
    assertThat(ModelFormat.values())
        .extracting(JSON::asJson)
        .containsExactly("\"ONNX\"", "\"Custom\"");
    assertThat(ModelState.values())
        .extracting(JSON::asJson)
        .containsExactly("\"Pending\"", "\"Loading\"", "\"Loaded\"", "\"Failed\"", "\"Standby\"");
  }

  @Test
  void reasonsAreDistinctWordsThatAConditionMayCarry() {
    assertThat(Arrays.stream(Reason.values()).map(Reason::word))
        .doesNotHaveDuplicates()
        .allMatch(word -> word.matches("[A-Z][A-Za-z]*"));
    assertThat(Reason.values()).allMatch(reason -> reason.meaning().endsWith("."));
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyRecordIgnoresUnknownFields(Class<?> record) {
    var annotation = record.getAnnotation(JsonIgnoreProperties.class);
    assertThat(annotation).as("@JsonIgnoreProperties of %s", record).isNotNull();
    assertThat(annotation.ignoreUnknown()).isTrue();
  }

  static List<Class<?>> records() throws IOException {
    try (var files = Files.walk(CLASSES)) {
      var classes =
          files
              .map(file -> CLASSES.relativize(file).toString())
              .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
              .<Class<?>>map(ApiTypesTest::load)
              .filter(Class::isRecord)
              .toList();
      assertThat(classes).hasSizeGreaterThan(10);
      return classes;
    }
  }

  private static Class<?> load(String file) {
    try {
      return Class.forName(file.replaceFirst("\\.class$", "").replace('/', '.'));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CustomResource<?, ?> read(Fixture fixture) {
    return fixture.read(JSON, fixture.object());
  }

  private static InferenceService read(JsonNode object) {
    return JSON.unmarshal(object.toString(), InferenceService.class);
  }

  private static void addUnknownFields(JsonNode value, SchemaNode schema) {
    for (var child : schema.children()) {
      if (child.path().endsWith("[]")) {
        value.forEach(item -> addUnknownFields(item, child));
      } else if (value.has(child.field())) {
        addUnknownFields(value.path(child.field()), child);
      }
    }
    if (value instanceof ObjectNode object && schema.has("properties")) {
      Stream.of("a", "z").forEach(name -> object.putObject(name + "FromTheFuture").put("x", 1));
    }
  }
}
