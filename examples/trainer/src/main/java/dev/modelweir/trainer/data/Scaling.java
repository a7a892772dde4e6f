package dev.modelweir.trainer.data;

/**
 * Brings every column to mean 0 and standard deviation 1.
 *
 * @param means per column
 * @param factors per column: one over the standard deviation, or 1 where all values are the same
 */
public record Scaling(float[] means, float[] factors) {
  public static Scaling of(Table table) {
    int columns = table.columns().size();
    float[] means = new float[columns];
    float[] factors = new float[columns];
    for (int column = 0; column < columns; column++) {
      double sum = 0;
      for (float[] row : table.values()) {
        sum += row[column];
      }
      double mean = sum / table.rows();
      double squares = 0;
      for (float[] row : table.values()) {
        squares += (row[column] - mean) * (row[column] - mean);
      }
      double deviation = Math.sqrt(squares / table.rows());
      means[column] = (float) mean;
      factors[column] = deviation == 0 ? 1 : (float) (1 / deviation);
    }
    return new Scaling(means, factors);
  }

  public double[] apply(float[] row) {
    double[] scaled = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      scaled[i] = (row[i] - (double) means[i]) * factors[i];
    }
    return scaled;
  }
}
