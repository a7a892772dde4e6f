package dev.modelweir.e2e.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every call that the API server answered, as it recorded them itself. */
public record AuditLog(Path file) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One call.
   *
   * @param resource with the subresource, as in {@code inferenceservices/status}
   * @param name of the object; empty for lists
   * @param code HTTP status of the answer
   * @param denied whether the user lacked a right for it
   */
  public record Call(
      Instant at,
      String user,
      String verb,
      String group,
      String resource,
      String namespace,
      String name,
      int code,
      boolean denied) {

    public boolean isRead() {
      return List.of("get", "list", "watch").contains(verb);
    }

    private static @Nullable Call of(String line) {
      try {
        JsonNode entry = JSON.readTree(line);
        JsonNode object = entry.path("objectRef");
        String below = object.path("subresource").asText();
        return new Call(
            Instant.parse(entry.path("requestReceivedTimestamp").asText()),
            entry.at("/user/username").asText(),
            entry.path("verb").asText(),
            object.path("apiGroup").asText(),
            object.path("resource").asText() + (below.isEmpty() ? "" : "/" + below),
            object.path("namespace").asText(),
            object.path("name").asText(),
            entry.at("/responseStatus/code").asInt(),
            denied(entry));
      } catch (JsonProcessingException halfWrittenLastLine) {
        return null;
      }
    }

    /** Also where the call was allowed but not what it came to, as the creation by an apply. */
    private static boolean denied(JsonNode entry) {
      return entry.at("/annotations/authorization.k8s.io~1decision").asText().equals("forbid")
          || (entry.at("/responseStatus/reason").asText().equals("Forbidden")
              && entry.at("/responseStatus/message").asText().contains(" cannot "));
    }
  }

  /** The calls of one user from a moment on. */
  public List<Call> callsOf(String user, Instant since) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.contains(user))
          .map(Call::of)
          .filter(Objects::nonNull)
          .map(Objects::requireNonNull)
          .filter(call -> call.user().equals(user) && !call.at().isBefore(since))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the audit log " + file, e);
    }
  }
}
