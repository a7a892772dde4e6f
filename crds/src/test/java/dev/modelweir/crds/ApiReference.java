package dev.modelweir.crds;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.Reason;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Writes the reference of the API for its users, in Markdown, from the definitions alone. */
final class ApiReference {

  private static final String RUNBOOK = "../operator/docs/runbook.md";

  static String write(List<JsonNode> crds) {
    return Stream.concat(
            Stream.of("# API reference: modelweir.dev/v1alpha1", generatedBy()),
            Stream.concat(
                crds.stream().flatMap(ApiReference::kind), Stream.of(conditions(), reasons())))
        .collect(joining("\n\n", "", "\n"));
  }

  private static String generatedBy() {
    return "<!-- Generated from the records in src/main/java; change those, then run "
        + GeneratedFilesTest.UPDATE
        + " -->";
  }

  private static Stream<String> kind(JsonNode crd) {
    var root = SchemaNode.root(Crds.schema(crd));
    var names = crd.at("/spec/names");
    return Stream.of(
        "## " + names.path("kind").asText(),
        root.text("description"),
        "```yaml\n" + Fixture.example(names.path("kind").asText()) + "```",
        commands(crd),
        "### Spec",
        "A field may be changed at any time unless it is marked **immutable**.",
        FieldTable.write(root, "spec"),
        "### Status",
        FieldTable.write(root, "status"),
        "### Rules across fields",
        "The API server refuses an object that breaks one, with this message.",
        rules(root),
        "### Columns of `kubectl get`",
        columns(crd));
  }

  private static String commands(JsonNode crd) {
    var names = crd.at("/spec/names");
    var version = crd.at("/spec/versions/0");
    var shortName = names.at("/shortNames/0").asText();
    var lines = new ArrayList<String>();
    lines.add(
        "- Short name and category: `kubectl get %s`, `kubectl get %s`"
            .formatted(shortName, names.at("/categories/0").asText()));
    for (var selectable : version.path("selectableFields")) {
      var path = selectable.path("jsonPath").asText().substring(1);
      lines.add("- By field: `kubectl get %s --field-selector %s=…`".formatted(shortName, path));
    }
    if (version.at("/subresources").has("scale")) {
      lines.add("- Scale: `kubectl scale %s/NAME --replicas=2`".formatted(shortName));
    }
    return String.join("\n", lines);
  }

  private static String rules(SchemaNode root) {
    var rows =
        root.all()
            .flatMap(node ->
                node.rules()
                    .map(rule ->
                        Markdown.row(field(node, rule), rule.message().replace("%s", "…"))));
    return Markdown.table(List.of("Field", "Message"), rows);
  }

  private static String field(SchemaNode node, CelRule rule) {
    var path = node.path() + rule.fieldPath();
    return "`" + (path.startsWith(".") ? path.substring(1) : path) + "`";
  }

  private static String columns(JsonNode crd) {
    var columns = crd.at("/spec/versions/0/additionalPrinterColumns");
    return Markdown.table(
        List.of("Column", "Shown", "Path"),
        StreamSupport.stream(columns.spliterator(), false)
            .map(column ->
                Markdown.row(
                    column.path("name").asText().toUpperCase(Locale.ROOT),
                    column.has("priority") ? "with `-o wide`" : "always",
                    "`" + column.path("jsonPath").asText() + "`")));
  }

  private static String conditions() {
    return "## Conditions\n\nEach carries the generation of the spec that it speaks of.\n\n"
        + Markdown.table(
            List.of("Type", "`True` means"),
            Arrays.stream(ConditionType.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(type -> Markdown.row("`" + value(type) + "`", meaning(type))));
  }

  private static String reasons() {
    return "## Reasons\n\nThe closed list of words in `reason` of conditions and events.\n\n"
        + Markdown.table(
            List.of("Reason", "Kind", "Meaning"),
            Arrays.stream(Reason.values())
                .map(reason ->
                    Markdown.row(
                        "[%s](%s#%s)"
                            .formatted(
                                reason.word(), RUNBOOK, reason.word().toLowerCase(Locale.ROOT)),
                        switch (reason.kind()) {
                          case GOOD -> "good";
                          case TRANSIENT -> "may pass";
                          case TERMINAL -> "needs a change";
                        },
                        reason.meaning())));
  }

  private static String value(Field constant) {
    try {
      return (String) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(constant + " is public and yet cannot be read", e);
    }
  }

  private static String meaning(Field constant) {
    var description = constant.getAnnotation(JsonPropertyDescription.class);
    if (description == null) {
      throw new IllegalStateException(constant + " has no @JsonPropertyDescription: add one");
    }
    return description.value();
  }

  private ApiReference() {}
}
