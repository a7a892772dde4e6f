package dev.modelweir.trainer.data;

import dev.modelweir.trainer.TrainingException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads rows from CSV (RFC 4180), packed with gzip or not. */
final class CsvTable {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).setIgnoreSurroundingSpaces(true).get();

  private CsvTable() {}

  /**
   * Reads a file whose first line names the columns.
   *
   * @param name of the file, for messages
   * @param label name of the column with the class; the last one when empty
   */
  static Table withHeader(byte[] file, String name, String label) throws TrainingException {
    List<CSVRecord> lines = lines(file, name);
    List<String> header = lines.isEmpty() ? List.of() : lines.getFirst().toList();
    int place = label.isEmpty() ? header.size() - 1 : header.indexOf(label);
    if (place < 0) {
      throw new TrainingException(
          "%s has no column \"%s\" for the class; its columns are %s"
              .formatted(name, label, header));
    }
    List<String> columns = new ArrayList<>(header);
    columns.remove(place);
    return table(file, name, lines.subList(1, lines.size()), place, columns);
  }

  /** Reads lines of numbers whose last one is the class. */
  static Table withoutHeader(byte[] file, String name, int skip, List<String> columns)
      throws TrainingException {
    List<CSVRecord> lines = lines(file, name);
    return table(file, name, lines.subList(skip, lines.size()), columns.size(), columns);
  }

  private static Table table(
      byte[] file, String name, List<CSVRecord> lines, int place, List<String> columns)
      throws TrainingException {
    if (lines.isEmpty()) {
      throw new TrainingException(name + " has no rows");
    }
    for (CSVRecord line : lines) {
      if (line.size() != columns.size() + 1) {
        throw new TrainingException(
            "%s: line %d has %d fields, expected %d"
                .formatted(name, line.getRecordNumber(), line.size(), columns.size() + 1));
      }
    }
    List<String> classes = inOrder(lines, place);
    float[][] values = new float[lines.size()][];
    int[] labels = new int[lines.size()];
    for (int row = 0; row < values.length; row++) {
      values[row] = numbers(name, lines.get(row), place);
      labels[row] = classes.indexOf(lines.get(row).get(place));
    }
    return new Table(List.copyOf(columns), classes, values, labels, Sha256.of(file));
  }

  /** By number when all are whole numbers, otherwise by name. */
  private static List<String> inOrder(List<CSVRecord> lines, int place) {
    TreeSet<String> names = new TreeSet<>();
    lines.forEach(line -> names.add(line.get(place)));
    boolean numbers = names.stream().allMatch(name -> name.matches("-?[0-9]{1,9}"));
    return numbers
        ? names.stream().sorted(Comparator.comparing(Integer::valueOf)).toList()
        : List.copyOf(names);
  }

  private static float[] numbers(String name, CSVRecord line, int without)
      throws TrainingException {
    int[] places = IntStream.range(0, line.size()).filter(i -> i != without).toArray();
    float[] values = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      String text = line.get(places[i]);
      values[i] = parse(text);
      if (!Float.isFinite(values[i])) {
        throw new TrainingException(
            "%s: line %d has \"%s\" where a number should be"
                .formatted(name, line.getRecordNumber(), text));
      }
    }
    return values;
  }

  private static float parse(String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }

  private static List<CSVRecord> lines(byte[] file, String name) throws TrainingException {
    boolean packed = file.length > 1 && (file[0] & 0xff) == 0x1f && (file[1] & 0xff) == 0x8b;
    InputStream bytes = new ByteArrayInputStream(file);
    try (InputStream plain = packed ? new GZIPInputStream(bytes) : bytes;
        var reader = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
        CSVParser parser = CSVParser.parse(reader, FORMAT)) {
      return parser.getRecords();
    } catch (IOException | UncheckedIOException e) {
      throw new TrainingException("%s is no CSV: %s".formatted(name, e.getMessage()));
    }
  }
}
