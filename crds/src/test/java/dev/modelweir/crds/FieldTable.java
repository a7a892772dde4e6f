package dev.modelweir.crds;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The fields of a schema as a table: what each may hold, and what it means. */
final class FieldTable {

  /** A default that the operator applies stands in the description, as one sentence. */
  private static final Pattern DEFAULT = Pattern.compile(" ?\\bDefault: (.+?)\\.(?= |$)");

  static String write(SchemaNode root, String part) {
    var fields = root.children().stream().filter(child -> child.field().equals(part));
    var fixed = root.all().flatMap(FieldTable::fixed).collect(toSet());
    var rows =
        fields
            .flatMap(SchemaNode::all)
            .filter(node -> !node.field().isEmpty())
            .map(node -> row(node, fixed.contains(node.path())));
    return Markdown.table(List.of("Field", "Type", "Default", "Bounds", "Description"), rows);
  }

  /** The fields that a rule of this object keeps as they were created. */
  private static Stream<String> fixed(SchemaNode node) {
    return node.rules()
        .filter(CelRule::isTransition)
        .map(rule -> (node.path() + rule.fieldPath()).replaceFirst("^\\.", ""));
  }

  private static String row(SchemaNode node, boolean fixed) {
    var description = node.text("description");
    var byDefault = DEFAULT.matcher(description);
    var text = byDefault.replaceFirst("").strip();
    return Markdown.row(
        "`" + node.path() + "`",
        Stream.concat(Stream.of(type(node)), flags(node, fixed)).collect(joining(", ")),
        byDefault.reset().find() ? byDefault.group(1) : node.text("default"),
        bounds(node),
        text);
  }

  private static String type(SchemaNode node) {
    return switch (node.type()) {
      case "array" -> "list of " + type(only(node));
      case "object" -> node.has("additionalProperties") ? "map to " + type(only(node)) : "object";
      case "int-or-string" -> "quantity";
      case "string" -> node.text("format").equals("date-time") ? "time" : "string";
      default -> node.type();
    };
  }

  private static Stream<String> flags(SchemaNode node, boolean fixed) {
    return Stream.of(node.required() ? "**required**" : "", fixed ? "**immutable**" : "")
        .filter(flag -> !flag.isEmpty());
  }

  private static String bounds(SchemaNode node) {
    var bounds = new ArrayList<String>();
    if (node.has("enum")) {
      bounds.add(node.strings("enum").stream().map("`%s`"::formatted).collect(joining(", ")));
    }
    bounds.add(range(node, "minimum", "maximum", ""));
    bounds.add(range(node, "minLength", "maxLength", " characters"));
    bounds.add(range(node, "minItems", "maxItems", " items"));
    bounds.add(range(node, "minProperties", "maxProperties", " entries"));
    if (node.has("x-kubernetes-list-map-keys")) {
      bounds.add("unique `" + node.strings("x-kubernetes-list-map-keys").getFirst() + "`");
    }
    if (node.has("pattern")) {
      bounds.add("`" + node.text("pattern") + "`");
    }
    if (node.has("items") || node.has("additionalProperties")) {
      var each = bounds(only(node));
      bounds.add(each.isEmpty() ? "" : "each: " + each);
    }
    return bounds.stream().filter(bound -> !bound.isEmpty()).collect(joining("; "));
  }

  private static String range(SchemaNode node, String least, String most, String unit) {
    if (!node.has(most)) {
      return "";
    }
    var from = node.has(least) ? node.text(least) + " to " : "at most ";
    return from + node.text(most) + unit;
  }

  /** The items of a list or the values of a map. */
  private static SchemaNode only(SchemaNode node) {
    return node.children().getLast();
  }

  private FieldTable() {}
}
