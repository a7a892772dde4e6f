package dev.modelweir.crds;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.Stream;

/** Tables of Markdown. */
final class Markdown {

  static String table(List<String> head, Stream<String> rows) {
    var rule = head.stream().map(column -> "---").collect(joining("|", "|", "|"));
    return Stream.concat(Stream.of(row(head.toArray(String[]::new)), rule), rows)
        .collect(joining("\n"));
  }

  /** One row; a {@code |} inside a cell does not end it. */
  static String row(String... cells) {
    return Stream.of(cells).map(c -> c.replace("|", "\\|")).collect(joining(" | ", "| ", " |"));
  }

  private Markdown() {}
}
