package dev.modelweir.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrdLintTest {

  private static final String FLAG = "{description: Whether it is full., type: boolean}";
  private static final String QUANTITY = "{x-kubernetes-int-or-string: true}";
  private static final String CEL =
      "{rule: 'true', message: '`a`: remove it', fieldPath: .a, reason: FieldValueInvalid}";

  private static final String MAP_OF = "additionalProperties";
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  private static final String COLUMNS = "additionalPrinterColumns";
  private static final String RULES = "x-kubernetes-validations";

  private static final String VERSION = "/spec/versions/0";
  private static final String ROOT = VERSION + "/schema/openAPIV3Schema";
  private static final String SPEC = ROOT + "/properties/spec";
  private static final String FIELDS = SPEC + "/properties";
  private static final String RULE = SPEC + "/x-kubernetes-validations/0";

  /**
   * One change of the sound definition, which one rule must find, once.
   *
   * @param path where the rule finds it
   * @param at the object that is changed, a JSON pointer
   * @param value new value of {@code key} in YAML; empty removes it
   */
  record Fault(String rule, String path, String at, String key, String value) {
    JsonNode applied() {
      var crd = sound();
      var object = (ObjectNode) crd.at(at);
      if (value.isEmpty()) {
        object.remove(key);
      } else {
        object.set(key, CrdYaml.read(value));
      }
      return crd;
    }
  }

  static Stream<Fault> faults() {
    return Stream.of(
        new Fault("commentstart", "", ROOT, "description", ""),
        new Fault("commentstart", "spec.mode", FIELDS + "/mode", "description", "''"),
        new Fault("commentstart", "spec.parts[]", FIELDS + "/parts/items", "description", "part"),
        new Fault("namingconventions", "spec.Full", FIELDS, "Full", FLAG),
        new Fault("maxlength", "spec.title", FIELDS + "/title", "maxLength", ""),
        new Fault("maxlength", "spec.parts", FIELDS + "/parts", "maxItems", ""),
        new Fault("maxlength", "spec.labels", FIELDS + "/labels", "maxProperties", ""),
        new Fault("maxlength", "spec.labels{}", FIELDS + "/labels", MAP_OF, "{type: string}"),
        new Fault("maxlength", "spec.labels{}", FIELDS + "/labels", MAP_OF, QUANTITY),
        new Fault("numericbounds", "spec.count", FIELDS + "/count", "minimum", ""),
        new Fault("numericbounds", "spec.count", FIELDS + "/count", "maximum", ""),
        new Fault("integers", "spec.count", FIELDS + "/count", "format", ""),
        new Fault("nofloats", "spec.count", FIELDS + "/count", "maximum", "100.0"),
        new Fault("nofloats", "spec.count", FIELDS + "/count", "type", "number"),
        new Fault("nodurations", "spec.title", FIELDS + "/title", "format", "duration"),
        new Fault("timeformat", "spec.startAt", FIELDS + "/startAt", "format", ""),
        new Fault("ssatags", "spec.parts", FIELDS + "/parts", "x-kubernetes-list-type", ""),
        new Fault("ssatags", "spec.parts", FIELDS + "/parts", "x-kubernetes-list-type", "atomic"),
        new Fault("ssatags", "spec.parts", FIELDS + "/parts", "x-kubernetes-list-map-keys", ""),
        new Fault("ssatags", "spec.parts", FIELDS + "/parts/items", "required", ""),
        new Fault("enums", "spec.mode", FIELDS + "/mode", "enum", "[Fast, slow]"),
        new Fault("patterns", "spec.title", FIELDS + "/title", "pattern", "a"),
        new Fault("preservedfields", "spec.labels", FIELDS + "/labels", PRESERVE, "true"),
        new Fault("conditions", "", ROOT + "/properties/status/properties", "conditions", ""),
        new Fault("statussubresource", "", VERSION + "/subresources", "status", ""),
        new Fault("requiredspec", "", ROOT, "required", ""),
        new Fault("columns", "", VERSION, COLUMNS, "[{name: Ready}, {name: Age}]"),
        new Fault("columns", "", VERSION, COLUMNS, "[{name: Age}, {name: Ready}, {name: Reason}]"),
        new Fault("names", "", "/spec/names", "categories", "[all]"),
        new Fault("names", "", "/spec/names", "shortNames", ""),
        new Fault("size", "", "/metadata", "title", "really ".repeat(20_000)),
        new Fault("duplicatemarkers", "spec", SPEC, RULES, "[%s, %s]".formatted(CEL, CEL)),
        new Fault("ruleremedy", "spec", RULE, "message", "'`count` must be absent'"),
        new Fault("rulefieldpath", "spec", RULE, "fieldPath", ""),
        new Fault("rulereason", "spec", RULE, "reason", ""),
        new Fault("rulereason", "spec", RULE, "reason", "TooBad"),
        new Fault("rulecost", "spec", RULE, "messageExpression", "\"'a' + string(self.count)\""));
  }

  private static JsonNode sound() {
    try {
      return CrdYaml.read(Files.readString(Path.of("src/test/resources/sound-definition.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> crds() {
    return Crds.all();
  }

  @ParameterizedTest
  @MethodSource("crds")
  void everyDefinitionKeepsTheConventions(JsonNode crd) {
    assertThat(CrdLint.check(crd)).isEmpty();
  }

  @Test
  void aSoundDefinitionHasNoFindings() {
    assertThat(CrdLint.check(sound())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultIsFoundWhereItIs(Fault fault) {
    assertThat(CrdLint.check(fault.applied()))
        .extracting(CrdLint.Finding::rule, CrdLint.Finding::path)
        .containsExactly(tuple(fault.rule(), fault.path()));
  }

  @Test
  void everyRuleHasAFaultThatItFinds() {
    var proved = new HashSet<>(faults().map(Fault::rule).toList());
    assertThat(proved).containsExactlyInAnyOrderElementsOf(CrdLint.rules());
  }
}
