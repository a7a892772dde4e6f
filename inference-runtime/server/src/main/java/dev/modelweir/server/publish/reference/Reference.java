package dev.modelweir.server.publish.reference;

import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The distribution of each input over rows that the model was not fitted to: what later traffic is
 * compared with.
 *
 * @param source name of the file
 * @param digest of the file, {@code sha256:HEX}
 */
public record Reference(String source, String digest, long rows, List<Column> columns) {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          .setIgnoreSurroundingSpaces(true)
          .get();

  /**
   * Reads a CSV file with a header, twice: first for moments and quantiles, then to count what
   * falls between them. Memory does not grow with the number of rows.
   *
   * @throws ExitException when the file is no CSV, or does not have the model's columns
   */
  public static Reference of(Path csv, ModelMetadata model) throws ExitException, IOException {
    try {
      List<String> names = columns(csv, model);
      List<Moments> moments = names.stream().map(name -> new Moments()).toList();
      long rows = forEach(csv, names, (column, value) -> moments.get(column).add(value));
      List<Bins> bins = moments.stream().map(each -> Bins.ofQuantiles(each.sample())).toList();
      forEach(csv, names, (column, value) -> bins.get(column).add(value));
      return new Reference(
          csv.getFileName().toString(),
          Sha256.of(csv),
          rows,
          IntStream.range(0, names.size())
              .mapToObj(i -> new Column(names.get(i), moments.get(i), bins.get(i)))
              .toList());
    } catch (UncheckedIOException | IllegalArgumentException | IllegalStateException e) {
      throw unusable(csv, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Those named like the model's inputs; or, when it takes one tensor of so many columns, the first
   * ones, in order. Further columns, such as the label, are no inputs.
   */
  private static List<String> columns(Path csv, ModelMetadata model)
      throws ExitException, IOException {
    List<String> header;
    try (CSVParser parser = open(csv)) {
      header = parser.getHeaderNames();
    }
    List<String> inputs = model.inputs().stream().map(TensorSpec::name).toList();
    if (header.containsAll(inputs)) {
      return inputs;
    }
    TensorSpec only = model.inputs().getFirst();
    boolean rows = inputs.size() == 1 && only.shape().rank() == 2 && only.shape().dim(1) > 0;
    long wanted = rows ? only.shape().dim(1) : inputs.size();
    if (!rows || header.size() < wanted) {
      throw unusable(
          csv,
          "it has the columns %s, and the model takes %s"
              .formatted(header, rows ? wanted + " of them in \"" + only.name() + "\"" : inputs));
    }
    return header.subList(0, (int) wanted);
  }

  @FunctionalInterface
  private interface Visitor {
    /**
     * @param value NaN when it is missing
     */
    void visit(int column, double value);
  }

  private static long forEach(Path csv, List<String> names, Visitor visitor)
      throws ExitException, IOException {
    try (CSVParser parser = open(csv)) {
      int[] places = names.stream().mapToInt(parser.getHeaderMap()::get).toArray();
      for (CSVRecord row : parser) {
        for (int column = 0; column < places.length; column++) {
          visitor.visit(column, value(csv, row, places[column], names.get(column)));
        }
      }
      return parser.getRecordNumber();
    }
  }

  private static double value(Path csv, CSVRecord row, int place, String name)
      throws ExitException {
    String text = place < row.size() ? row.get(place) : "";
    switch (text) {
      case "", "NA", "NaN", "nan", "null" -> {
        return Double.NaN;
      }
      case "true", "True" -> {
        return 1;
      }
      case "false", "False" -> {
        return 0;
      }
      default -> {
        try {
          return Double.parseDouble(text);
        } catch (NumberFormatException e) {
          throw unusable(
              csv,
              "row %d has \"%s\" in the column %s, which is no number"
                  .formatted(row.getRecordNumber(), text, name));
        }
      }
    }
  }

  private static CSVParser open(Path csv) throws IOException {
    return CSVParser.parse(Files.newBufferedReader(csv), FORMAT);
  }

  private static ExitException unusable(Path csv, String why) {
    return new ExitException(
        ExitReason.PublishFailed,
        "%s cannot be used for reference statistics: %s".formatted(csv, why));
  }

  /** As others read it. */
  public JsonObject toJson() {
    JsonArray array = new JsonArray();
    columns.forEach(column -> array.add(column.toJson()));
    return new JsonObject()
        .put("source", source)
        .put("digest", digest)
        .put("rows", rows)
        .put("columns", array);
  }
}
