package dev.modelweir.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The conventions of the API as rules over a definition. A rule that kube-api-linter has carries
 * its name from there, so that its documentation explains ours.
 */
final class CrdLint {

  /** What a rule dislikes: the path of the place, and what is wrong with it. */
  record Finding(String rule, String path, String complaint) {
    @Override
    public String toString() {
      return "%s: `%s` %s".formatted(rule, path, complaint);
    }
  }

  /** A named rule; {@code offenders} gives the paths of the places that break it. */
  private record Rule(String name, String complaint, Function<JsonNode, Stream<String>> offenders) {
    Stream<Finding> check(JsonNode crd) {
      return offenders.apply(crd).map(path -> new Finding(name, path, complaint));
    }
  }

  private static final int LARGEST = 100_000;
  private static final Pattern SENTENCES = Pattern.compile("[`\\p{Upper}].{8,}\\.", Pattern.DOTALL);
  private static final Pattern CAMEL_CASE = Pattern.compile("[A-Z][A-Za-z0-9]*");
  private static final Pattern FIELD_NAME = Pattern.compile("[a-z][A-Za-z0-9]*");

  /** The last clause of a message tells what to do, with one of these. */
  private static final Pattern REMEDY =
      Pattern.compile(
          ".+: (.+ )?(add|choose|correct|give|keep|move|name|remove|rename|set|use)\\b.+");

  private static final Set<String> CEL_REASONS =
      Set.of("FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired");

  /** Objects whose content another API defines and checks. */
  private static final Set<String> PRESERVED =
      Set.of("spec.runtime.podTemplate.affinity", "spec.template.podTemplate.affinity");

  private static final List<Rule> RULES =
      List.of(
          places("commentstart", CrdLint::isUndescribed, "needs a description in sentences"),
          places("namingconventions", CrdLint::isMisnamed, "is not named in camelCase"),
          places("maxlength", CrdLint::isUnbounded, "needs a largest length or number of entries"),
          places("numericbounds", CrdLint::isUnlimited, "needs a minimum and a maximum"),
          places("integers", CrdLint::hasNoWidth, "needs the format int32 or int64"),
          places("nofloats", CrdLint::isFloat, "is a float, or has a limit written as one"),
          places("nodurations", CrdLint::isDuration, "must be an integer named `…Seconds`"),
          places("timeformat", CrdLint::isPlainTime, "needs the format date-time"),
          places("ssatags", CrdLint::isUnmergeable, "needs x-kubernetes-list-type and its keys"),
          places("enums", CrdLint::hasOddWords, "has an enum value that is not CamelCase"),
          places("patterns", CrdLint::isUnanchored, "needs a pattern from ^ to $"),
          places("preservedfields", CrdLint::isLoose, "may not keep unknown fields"),
          crd("conditions", CrdLint::lacksConditions, "needs status.conditions, a map by type"),
          crd("statussubresource", CrdLint::lacksStatus, "needs status.observedGeneration"),
          crd("requiredspec", CrdLint::lacksSpec, "must require `spec`"),
          crd(
              "columns",
              CrdLint::lacksColumns,
              "needs the columns Ready and Reason, or Phase, and, last, Age"),
          crd("names", CrdLint::lacksNames, "needs a short name and the category `ai`"),
          crd("size", CrdLint::isLarge, "is over 100 KB as compact JSON"),
          places("duplicatemarkers", CrdLint::repeatsRule, "has the same rule twice"),
          rules("ruleremedy", CrdLint::lacksRemedy, "needs a message that ends with a remedy"),
          rules("rulefieldpath", CrdLint::lacksFieldPath, "needs a fieldPath"),
          rules("rulereason", CrdLint::lacksReason, "needs one of the reasons " + CEL_REASONS),
          rules("rulecost", CrdLint::isCostly, "must insert values by .format([…])"));

  static List<String> rules() {
    return RULES.stream().map(Rule::name).toList();
  }

  /** Everything that any rule dislikes about a definition. */
  static List<Finding> check(JsonNode crd) {
    return RULES.stream().flatMap(rule -> rule.check(crd)).toList();
  }

  private static boolean isUndescribed(SchemaNode node) {
    var speaks = node.path().isEmpty() || !node.field().isEmpty() || node.has("properties");
    var ours = !node.path().startsWith("metadata");
    return ours && speaks && !SENTENCES.matcher(node.text("description")).matches();
  }

  private static boolean isMisnamed(SchemaNode node) {
    return !node.field().isEmpty() && !FIELD_NAME.matcher(node.field()).matches();
  }

  private static boolean isUnbounded(SchemaNode node) {
    return switch (node.type()) {
      case "string", "int-or-string" -> !node.has("maxLength") && !node.has("enum");
      case "array" -> !node.has("maxItems");
      case "object" -> node.has("additionalProperties") && !node.has("maxProperties");
      default -> false;
    };
  }

  private static boolean isUnlimited(SchemaNode node) {
    return node.type().equals("integer") && !(node.has("minimum") && node.has("maximum"));
  }

  private static boolean hasNoWidth(SchemaNode node) {
    return node.type().equals("integer") && !node.text("format").matches("int32|int64");
  }

  private static boolean isFloat(SchemaNode node) {
    return node.type().equals("number")
        || node.json().path("minimum").isFloatingPointNumber()
        || node.json().path("maximum").isFloatingPointNumber();
  }

  private static boolean isDuration(SchemaNode node) {
    return node.text("format").equals("duration");
  }

  private static boolean isPlainTime(SchemaNode node) {
    return node.type().equals("string")
        && Conventions.TIME.matcher(node.field()).matches()
        && !node.text("format").equals("date-time");
  }

  private static boolean isUnmergeable(SchemaNode node) {
    if (!node.type().equals("array")) {
      return false;
    }
    var required = SchemaNode.root(node.json().path("items")).strings("required");
    var keys = node.strings("x-kubernetes-list-map-keys");
    return switch (node.text("x-kubernetes-list-type")) {
      case "map" -> keys.isEmpty() || !required.containsAll(keys);
      case "atomic" -> required.contains("name");
      default -> true;
    };
  }

  private static boolean hasOddWords(SchemaNode node) {
    return !node.strings("enum").stream().allMatch(CAMEL_CASE.asMatchPredicate());
  }

  private static boolean isUnanchored(SchemaNode node) {
    return node.has("pattern") && !node.text("pattern").matches("\\^.*\\$");
  }

  private static boolean isLoose(SchemaNode node) {
    return node.has("x-kubernetes-preserve-unknown-fields") && !PRESERVED.contains(node.path());
  }

  private static boolean lacksConditions(JsonNode crd) {
    var conditions =
        SchemaNode.root(Crds.schema(crd).at("/properties/status/properties/conditions"));
    return !conditions.text("x-kubernetes-list-type").equals("map")
        || !conditions.strings("x-kubernetes-list-map-keys").equals(List.of("type"))
        || !Stream.of("type", "status", "reason", "message", "observedGeneration")
            .allMatch(conditions.json().at("/items/properties")::has);
  }

  private static boolean lacksStatus(JsonNode crd) {
    return !crd.at("/spec/versions/0/subresources").has("status")
        || !Crds.schema(crd).at("/properties/status/properties").has("observedGeneration");
  }

  private static boolean lacksSpec(JsonNode crd) {
    return !SchemaNode.root(Crds.schema(crd)).strings("required").contains("spec");
  }

  private static boolean lacksColumns(JsonNode crd) {
    var columns = crd.at("/spec/versions/0/additionalPrinterColumns");
    var shown =
        StreamSupport.stream(columns.spliterator(), false)
            .filter(column -> !column.has("priority"))
            .map(column -> column.path("name").asText())
            .toList();
    var summary = shown.contains("Phase") || shown.containsAll(List.of("Ready", "Reason"));
    return !summary || !shown.getLast().equals("Age");
  }

  private static boolean lacksNames(JsonNode crd) {
    var names = SchemaNode.root(crd.at("/spec/names"));
    return !names.has("shortNames") || !names.strings("categories").contains("ai");
  }

  private static boolean isLarge(JsonNode crd) {
    return crd.toString().getBytes(StandardCharsets.UTF_8).length > LARGEST;
  }

  private static boolean repeatsRule(SchemaNode node) {
    return !node.rules().map(CelRule::rule).allMatch(new HashSet<String>()::add);
  }

  private static boolean lacksRemedy(CelRule rule) {
    return !REMEDY.matcher(rule.message()).matches();
  }

  /** What is wrong with a choice between fields is wrong with the object that has them. */
  private static boolean lacksFieldPath(CelRule rule) {
    return rule.fieldPath().isEmpty() && !rule.message().startsWith("exactly one of ");
  }

  private static boolean lacksReason(CelRule rule) {
    return !CEL_REASONS.contains(rule.reason());
  }

  /** The API server refuses {@code string(NUMBER)}: it cannot bound the length of the text. */
  private static boolean isCostly(CelRule rule) {
    return rule.messageExpression().contains("string(");
  }

  private static Rule crd(String name, Predicate<JsonNode> bad, String complaint) {
    return new Rule(name, complaint, crd -> bad.test(crd) ? Stream.of("") : Stream.of());
  }

  private static Rule places(String name, Predicate<SchemaNode> bad, String complaint) {
    return new Rule(
        name,
        complaint,
        crd -> SchemaNode.root(Crds.schema(crd)).all().filter(bad).map(SchemaNode::path));
  }

  private static Rule rules(String name, Predicate<CelRule> bad, String complaint) {
    return places(name, node -> node.rules().anyMatch(bad), complaint);
  }

  private CrdLint() {}
}
