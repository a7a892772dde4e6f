package dev.modelweir.trainer.data;

import dev.modelweir.trainer.TrainingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Data that the image brings along, see SOURCE.md beside the files. */
enum ExampleData {
  /** 150 flowers of three species. */
  IRIS(
      "iris.csv",
      1,
      List.of("sepal length", "sepal width", "petal length", "petal width"),
      List.of("setosa", "versicolor", "virginica")),

  /** 1,797 images of hand-written digits, 8 by 8 points from 0 to 16. */
  DIGITS(
      "digits.csv.gz",
      0,
      IntStream.range(0, 64).mapToObj(i -> "row %d, column %d".formatted(i / 8, i % 8)).toList(),
      IntStream.range(0, 10).mapToObj(Integer::toString).toList());

  /** What names such data on the command line, before the name. */
  static final String PREFIX = "example:";

  private final String file;
  private final int skip;
  private final List<String> columns;
  private final List<String> classes;

  ExampleData(String file, int skip, List<String> columns, List<String> classes) {
    this.file = file;
    this.skip = skip;
    this.columns = columns;
    this.classes = classes;
  }

  static Optional<ExampleData> named(String name) {
    for (ExampleData data : values()) {
      if (data.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(data);
      }
    }
    return Optional.empty();
  }

  Table read() throws TrainingException {
    try (InputStream in = ExampleData.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + file);
      }
      Table table = CsvTable.withoutHeader(in.readAllBytes(), file, skip, columns);
      return new Table(columns, classes, table.values(), table.labels(), table.digest());
    } catch (IOException e) {
      throw new TrainingException(file + " cannot be read: " + e.getMessage());
    }
  }
}
