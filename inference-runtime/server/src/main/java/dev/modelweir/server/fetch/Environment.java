package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.TerminationLog;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The process's environment; an empty variable is the same as none. */
public record Environment(Map<String, String> variables) {
  public Optional<String> get(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** The value of the variable in upper case, or else in lower case, as is usual for proxies. */
  Optional<String> getAnyCase(String name) {
    return get(name).or(() -> get(name.toLowerCase(java.util.Locale.ROOT)));
  }

  /** Where the reason of the end is written. */
  public TerminationLog terminationLog() {
    return new TerminationLog(
        get("MODELWEIR_TERMINATION_LOG").map(Path::of).orElse(TerminationLog.DEFAULT));
  }

  /** The parts of a list that is separated by commas. */
  public List<String> list(String name) {
    return getAnyCase(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
