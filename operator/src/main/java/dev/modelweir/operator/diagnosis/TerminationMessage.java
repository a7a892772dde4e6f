package dev.modelweir.operator.diagnosis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.Reason;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the bundled runtime leaves when it gives up: one JSON object with {@code reason} and {@code
 * message} in the container's termination message.
 */
public record TerminationMessage(Reason reason, String message) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_LINE = 300;

  /** The message, if there is one; a reason that is not a known failure is a load failure. */
  public static Optional<TerminationMessage> parse(@Nullable String text) {
    if (text == null || !text.stripLeading().startsWith("{")) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(text);
      if (!json.path("reason").isTextual() || !json.path("message").isTextual()) {
        return Optional.empty();
      }
      Reason reason =
          Arrays.stream(Reason.values())
              .filter(known -> known.word().equals(json.get("reason").textValue()))
              .filter(known -> known.kind() != Reason.Kind.GOOD)
              .filter(known -> !Severity.of(known).isProgress())
              .findFirst()
              .orElse(Reason.MODEL_LOAD_FAILED);
      return Optional.of(new TerminationMessage(reason, json.get("message").textValue()));
    } catch (JsonProcessingException notOurs) {
      return Optional.empty();
    }
  }

  /** The last line of a log that says something, at most {@value #LONGEST_LINE} characters. */
  public static String lastLine(@Nullable String log) {
    if (log == null) {
      return "";
    }
    String line = log.lines().filter(text -> !text.isBlank()).reduce("", (a, b) -> b).strip();
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
  }
}
