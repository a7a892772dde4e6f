package dev.modelweir.server.exit;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that the kubelet reads when a container ends and shows in the pod's status. */
public record TerminationLog(Path file) {
  /** What the kubelet reads at most. */
  public static final int MAX_BYTES = 4096;

  public static final Path DEFAULT = Path.of("/dev/termination-log");

  /**
   * Writes the reason as {@code {"reason":…,"message":…}} and returns that line, for the log.
   * Outside a pod the file is usually missing or not ours; then only the returned line tells.
   */
  public String write(ExitException failure) {
    return write(line(failure));
  }

  /** Writes the result of a command that succeeded, of at most {@link #MAX_BYTES}; returns it. */
  public String write(String line) {
    // The kubelet always provides the default file; making it ourselves would litter /dev.
    if (!file.equals(DEFAULT) || Files.isWritable(file)) {
      try {
        Files.writeString(file, line);
      } catch (IOException e) {
        return line;
      }
    }
    return line;
  }

  private static String line(ExitException failure) {
    String message = failure.getMessage();
    String line = json(failure.reason(), message);
    while (line.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      message = message.substring(0, message.length() * 3 / 4);
      line = json(failure.reason(), message + "…");
    }
    return line;
  }

  private static String json(ExitReason reason, String message) {
    return new JsonObject().put("reason", reason.name()).put("message", message).encode();
  }
}
