package dev.modelweir.trainer.data;

import java.util.Arrays;

/**
 * Rows to learn from and rows held out.
 *
 * @param train at least one row
 * @param test the rows held out; the same as {@code train} when none are
 */
public record Split(Table train, Table test) {
  /**
   * @param share of the rows to hold out, 0 to below 1
   */
  public static Split of(Table table, double share, long seed) {
    int[] order = Order.shuffled(table.rows(), seed);
    int held = Math.min((int) Math.round(table.rows() * share), table.rows() - 1);
    if (held == 0) {
      return new Split(table, table);
    }
    return new Split(
        table.select(Arrays.copyOfRange(order, held, order.length)),
        table.select(Arrays.copyOf(order, held)));
  }
}
