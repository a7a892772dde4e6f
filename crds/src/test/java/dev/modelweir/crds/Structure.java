package dev.modelweir.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The part of an API server's validation that needs no server: types, bounds, unknown fields. It
 * tells where an object breaks the schema; the rules in CEL run on a real API server only.
 */
final class Structure {

  /** The paths at which an object breaks a schema, such as {@code spec.model.digest}. */
  static List<String> faults(JsonNode object, JsonNode schema) {
    return faults("", object, SchemaNode.root(schema)).toList();
  }

  private static Stream<String> faults(String path, JsonNode value, SchemaNode schema) {
    var fits =
        switch (schema.type()) {
          case "object" -> value.isObject() && count(value, schema, "Properties");
          case "array" -> value.isArray() && count(value, schema, "Items") && unique(value, schema);
          case "string" -> value.isTextual() && text(value.asText(), schema);
          case "int-or-string" ->
              value.isInt() || (value.isTextual() && text(value.asText(), schema));
          case "integer" -> value.isIntegralNumber() && number(value.asLong(), schema);
          case "boolean" -> value.isBoolean();
          default -> false;
        };
    return fits ? below(path, value, schema) : Stream.of(path);
  }

  private static Stream<String> below(String path, JsonNode value, SchemaNode schema) {
    var open = schema.has("x-kubernetes-preserve-unknown-fields") || path.equals("metadata");
    if (value.isArray()) {
      var items = schema.children().getFirst();
      return StreamSupport.stream(value.spliterator(), false)
          .flatMap(item -> faults(path + "[]", item, items));
    }
    if (!value.isObject() || open) {
      return Stream.of();
    }
    var missing = schema.strings("required").stream().filter(Predicate.not(value::has));
    var fields = value.propertyStream();
    return Stream.concat(
        missing.map(name -> join(path, name)),
        fields.flatMap(f -> field(join(path, f.getKey()), f.getKey(), f.getValue(), schema)));
  }

  private static Stream<String> field(String at, String name, JsonNode value, SchemaNode schema) {
    if (at.equals("apiVersion") || at.equals("kind")) {
      return Stream.of();
    }
    return schema.children().stream()
        .filter(child -> child.field().equals(name) || child.path().endsWith("{}"))
        .findFirst()
        .map(child -> faults(at, value, child))
        .orElse(Stream.of(at));
  }

  private static boolean text(String text, SchemaNode schema) {
    return within(text.length(), schema, "minLength", "maxLength")
        && (!schema.has("enum") || schema.strings("enum").contains(text))
        && (!schema.has("pattern") || Pattern.compile(schema.text("pattern")).matcher(text).find());
  }

  private static boolean number(long number, SchemaNode schema) {
    return within(number, schema, "minimum", "maximum");
  }

  private static boolean count(JsonNode value, SchemaNode schema, String what) {
    return within(value.size(), schema, "min" + what, "max" + what);
  }

  private static boolean within(long number, SchemaNode schema, String least, String most) {
    return (!schema.has(least) || number >= schema.json().path(least).asLong())
        && (!schema.has(most) || number <= schema.json().path(most).asLong());
  }

  private static boolean unique(JsonNode list, SchemaNode schema) {
    return schema.strings("x-kubernetes-list-map-keys").stream()
        .allMatch(key ->
            StreamSupport.stream(list.spliterator(), false)
                .map(item -> item.path(key).asText())
                .allMatch(new HashSet<String>()::add));
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private Structure() {}
}
