package dev.modelweir.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One place in a schema.
 *
 * @param path such as {@code spec.runtime.container.env[].name}; {@code []} are the items of a list
 *     and {@code {}} the values of a map
 * @param field name of the field, empty for the root, for items and for values
 * @param required whether the object around it must have the field
 */
record SchemaNode(String path, String field, JsonNode json, boolean required) {

  static SchemaNode root(JsonNode schema) {
    return new SchemaNode("", "", schema, true);
  }

  /** This place and everything below it, in order. */
  Stream<SchemaNode> all() {
    return Stream.concat(Stream.of(this), children().stream().flatMap(SchemaNode::all));
  }

  List<SchemaNode> children() {
    var children = new ArrayList<SchemaNode>();
    var required = strings("required");
    for (Map.Entry<String, JsonNode> property : json.path("properties").properties()) {
      var name = property.getKey();
      var at = path.isEmpty() ? name : path + "." + name;
      children.add(new SchemaNode(at, name, property.getValue(), required.contains(name)));
    }
    if (json.has("items")) {
      children.add(new SchemaNode(path + "[]", "", json.path("items"), true));
    }
    if (json.has("additionalProperties")) {
      children.add(new SchemaNode(path + "{}", "", json.path("additionalProperties"), true));
    }
    return children;
  }

  String type() {
    return has("x-kubernetes-int-or-string") ? "int-or-string" : text("type");
  }

  boolean has(String key) {
    return json.has(key);
  }

  /** The text of a key, empty when it is absent. */
  String text(String key) {
    return json.path(key).asText();
  }

  List<String> strings(String key) {
    return values(key).map(JsonNode::asText).toList();
  }

  Stream<CelRule> rules() {
    return values("x-kubernetes-validations").map(CelRule::new);
  }

  private Stream<JsonNode> values(String key) {
    return StreamSupport.stream(json.path(key).spliterator(), false);
  }
}
