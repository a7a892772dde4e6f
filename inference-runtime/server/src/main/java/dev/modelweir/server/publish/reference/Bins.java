package dev.modelweir.server.publish.reference;

import java.util.Arrays;

/**
 * Counts of numbers between fixed edges. Bin 0 holds what is below the first edge, bin i what is at
 * least edge i-1 and below edge i, the last one the rest; missing values are in none.
 */
final class Bins {
  private static final int BINS = 16;

  private final double[] edges;
  private final long[] counts;

  private Bins(double[] edges) {
    this.edges = edges;
    this.counts = new long[edges.length + 1];
  }

  /**
   * Edges with about as many values in each bin; fewer bins where values repeat.
   *
   * @param sorted values in ascending order
   */
  static Bins ofQuantiles(double[] sorted) {
    double[] edges = new double[BINS - 1];
    int used = 0;
    for (int i = 1; i < BINS && sorted.length > 0; i++) {
      double edge = sorted[(int) ((long) sorted.length * i / BINS)];
      double last = used == 0 ? sorted[0] : edges[used - 1];
      if (edge > last) {
        edges[used++] = edge;
      }
    }
    return new Bins(Arrays.copyOf(edges, used));
  }

  /**
   * @param value NaN when it is missing
   */
  void add(double value) {
    if (!Double.isNaN(value)) {
      int found = Arrays.binarySearch(edges, value);
      counts[found >= 0 ? found + 1 : -found - 1]++;
    }
  }

  double[] edges() {
    return edges.clone();
  }

  long[] counts() {
    return counts.clone();
  }
}
