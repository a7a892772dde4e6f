package dev.modelweir.image.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A shell script that starts an application here as its image does, for measurements of it. */
final class StartScript {
  private StartScript() {}

  /**
   * @param command to which the arguments of the script are added
   */
  static void write(Path file, Map<String, String> environment, List<String> command)
      throws IOException {
    StringBuilder script = new StringBuilder("#!/bin/sh\n");
    new TreeMap<>(environment)
        .forEach((name, value) -> script.append("export %s=%s\n".formatted(name, quoted(value))));
    script.append(
        command.stream()
            .map(StartScript::quoted)
            .collect(Collectors.joining(" ", "exec ", " \"$@\"\n")));
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
