package dev.modelweir.examples.iris;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Fisher's Iris data, see SOURCE.md beside the file.
 *
 * @param train rows to learn from
 * @param test rows held out
 */
public record IrisData(List<Row> train, List<Row> test) {
  /** The columns of the data, and of the model's input, in this order. */
  public static final List<String> COLUMNS =
      List.of("sepal length", "sepal width", "petal length", "petal width");

  /** The classes, and the columns of the model's probabilities, in this order. */
  public static final List<String> CLASSES = List.of("setosa", "versicolor", "virginica");

  private static final double TRAIN_SHARE = 0.7;
  private static final long SPLIT_SEED = 1;

  /**
   * One flower.
   *
   * @param centimetres one value per column
   */
  public record Row(List<Float> centimetres, String species) {}

  /** Reads the data and holds out three rows in ten, always the same ones. */
  public static IrisData load() throws IOException {
    List<Row> rows = new ArrayList<>(rows());
    Collections.shuffle(rows, new Random(SPLIT_SEED));
    int cut = (int) (rows.size() * TRAIN_SHARE);
    return new IrisData(
        List.copyOf(rows.subList(0, cut)), List.copyOf(rows.subList(cut, rows.size())));
  }

  /** All of it, in the order of the file. */
  static List<Row> rows() throws IOException {
    try (InputStream in = IrisData.class.getResourceAsStream("iris.csv");
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).map(IrisData::row).toList();
    }
  }

  private static Row row(String line) {
    List<String> values = List.of(line.split(","));
    return new Row(
        values.subList(0, COLUMNS.size()).stream().map(Float::valueOf).toList(),
        CLASSES.get(Integer.parseInt(values.getLast())));
  }
}
