package dev.modelweir.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/** One validation rule of a schema. */
record CelRule(JsonNode json) {

  private static final Pattern FORMAT = Pattern.compile("^'(.*)'\\.format\\(\\[.*]\\)$");

  String rule() {
    return json.path("rule").asText();
  }

  /** The field that an error names, relative to the object with the rule: {@code .digest}. */
  String fieldPath() {
    return json.path("fieldPath").asText();
  }

  String reason() {
    return json.path("reason").asText();
  }

  String messageExpression() {
    return json.path("messageExpression").asText();
  }

  /** The text of an error, with {@code %s} or {@code %d} where the expression inserts a value. */
  String message() {
    var expression = FORMAT.matcher(messageExpression());
    return expression.matches() ? expression.group(1) : json.path("message").asText();
  }

  /** Whether the rule compares with the stored object, and so makes something immutable. */
  boolean isTransition() {
    return rule().contains("oldSelf");
  }
}
