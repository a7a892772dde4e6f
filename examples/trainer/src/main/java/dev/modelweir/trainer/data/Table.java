package dev.modelweir.trainer.data;

import java.util.List;

/**
 * Rows of numbers, each with its class.
 *
 * @param columns names of the numbers, in order
 * @param classes names of the classes, in order
 * @param values one array per row
 * @param labels per row the place of its class in {@code classes}
 * @param digest of the file the rows came from, {@code sha256:HEX}
 */
public record Table(
    List<String> columns, List<String> classes, float[][] values, int[] labels, String digest) {

  public int rows() {
    return values.length;
  }

  /** Some of the rows, in the order given. */
  public Table select(int[] rows) {
    float[][] chosen = new float[rows.length][];
    int[] theirs = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      chosen[i] = values[rows[i]];
      theirs[i] = labels[rows[i]];
    }
    return new Table(columns, classes, chosen, theirs, digest);
  }
}
