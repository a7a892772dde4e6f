package dev.modelweir.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** One run of an external program. */
public record Command(List<String> words, Path directory) {
  private static final int TAIL = 20;
  private static final int WIDTH = 400;

  public Command(Path directory, String... words) {
    this(List.of(words), directory);
  }

  /**
   * Runs to the end and returns what it printed, errors included.
   *
   * @throws ImageException when the program is missing or fails; holds the last lines it printed
   */
  public String run() throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true).start();
    } catch (IOException missing) {
      throw new ImageException("cannot run " + words.getFirst() + ": " + missing.getMessage());
    }
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new ImageException(
          "`%s` failed with exit code %d:%n%s"
              .formatted(String.join(" ", words), code, tail(output, TAIL)));
    }
    return output;
  }

  /** The last {@code lines} lines of {@code text}, indented; long ones are cut. */
  public static String tail(String text, int lines) {
    List<String> all =
        text.lines()
            .map(line -> line.length() > WIDTH ? line.substring(0, WIDTH) + "..." : line)
            .toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size())).indent(2);
  }
}
