package dev.modelweir.crds;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fixtures agree with the schema, and no field or rule is without one. */
class FixturesTest {

  private static final List<JsonNode> CRDS = Crds.all();

  static List<Fixture> valid() {
    return Fixture.valid();
  }

  static List<Fixture> invalid() {
    return Fixture.invalid();
  }

  static List<Fixture> updates() {
    return Fixture.updates();
  }

  static Stream<CelRule> rules() {
    return CRDS.stream()
        .flatMap(crd -> SchemaNode.root(Crds.schema(crd)).all())
        .flatMap(SchemaNode::rules);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aValidFixtureFitsTheSchema(Fixture fixture) {
    assertThat(Structure.faults(fixture.object(), fixture.schema())).isEmpty();
  }

  /** Either the schema refuses it, at the field that the error names, or one rule does. */
  @ParameterizedTest
  @MethodSource("invalid")
  void anInvalidFixtureBreaksTheSchemaOrExpectsARule(Fixture fixture) {
    var faults = Structure.faults(fixture.object(), fixture.schema());
    if (faults.isEmpty()) {
      assertThat(rules().distinct().filter(rule -> expects(fixture, rule))).hasSize(1);
    } else {
      assertThat(faults).hasSize(1);
      assertThat(fixture.expected())
          .allMatch(cause -> cause.replaceAll("\\[\\d+]", "[]").contains(faults.getFirst()));
    }
  }

  /** What is stored and what is sent both fit; a rule about the change refuses the second. */
  @ParameterizedTest
  @MethodSource("updates")
  void anUpdateFixtureExpectsARuleAboutTheChange(Fixture fixture) {
    assertThat(Structure.faults(requireNonNull(fixture.stored()), fixture.schema())).isEmpty();
    assertThat(Structure.faults(fixture.object(), fixture.schema())).isEmpty();
    assertThat(rules().distinct().filter(rule -> expects(fixture, rule)))
        .hasSize(1)
        .allMatch(CelRule::isTransition);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void everyRuleHasAFixtureThatItRefuses(CelRule rule) {
    var refused = rule.isTransition() ? updates() : invalid();
    assertThat(refused).anyMatch(fixture -> expects(fixture, rule));
  }

  @Test
  void everyFieldOfTheSpecIsInAValidFixture() {
    var used = valid().stream().flatMap(f -> paths("", f.object())).collect(Collectors.toSet());
    var fields =
        CRDS.stream()
            .flatMap(crd -> SchemaNode.root(Crds.schema(crd)).all())
            .filter(node -> !node.field().isEmpty() && node.path().startsWith("spec"))
            .map(SchemaNode::path);
    assertThat(used).containsAll(fields.toList());
  }

  private static boolean expects(Fixture fixture, CelRule rule) {
    var fixedParts = rule.message().split("%[sd]");
    return fixture.expected().stream()
        .anyMatch(cause -> Stream.of(fixedParts).allMatch(cause::contains));
  }

  private static Stream<String> paths(String path, JsonNode value) {
    var below =
        switch (value.getNodeType()) {
          case OBJECT ->
              value
                  .propertyStream()
                  .flatMap(f ->
                      paths(path.isEmpty() ? f.getKey() : path + "." + f.getKey(), f.getValue()));
          case ARRAY -> value.valueStream().flatMap(item -> paths(path + "[]", item));
          default -> Stream.<String>of();
        };
    return Stream.concat(Stream.of(path), below);
  }
}
