package dev.modelweir.operator.diagnosis;

import java.util.List;
import java.util.regex.Pattern;

/** The resources that the scheduler's message says are missing. */
final class MissingResources {

  private static final Pattern INSUFFICIENT =
      Pattern.compile("Insufficient ([^,;. ]+(?:\\.[^,;. ]+)*)");

  private MissingResources() {}

  static List<String> in(String schedulerMessage) {
    return INSUFFICIENT
        .matcher(schedulerMessage)
        .results()
        .map(match -> match.group(1))
        .distinct()
        .sorted()
        .toList();
  }
}
