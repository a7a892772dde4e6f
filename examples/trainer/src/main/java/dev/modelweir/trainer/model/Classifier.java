package dev.modelweir.trainer.model;

import dev.modelweir.trainer.data.Scaling;
import dev.modelweir.trainer.data.Table;

/**
 * What was learnt, with parameters of single precision, as they are exported.
 *
 * @param scaling of the inputs
 */
public record Classifier(Layers layers, Scaling scaling, float[] parameters) {
  public static Classifier of(Layers layers, Scaling scaling, double[] parameters) {
    float[] single = new float[parameters.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) parameters[i];
    }
    return new Classifier(layers, scaling, single);
  }

  /** Class probabilities for each row. */
  public double[][] predict(float[][] rows) {
    Network network = new Network(layers);
    double[] exact = new double[parameters.length];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = parameters[i];
    }
    double[][] answers = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      answers[i] = network.predict(exact, scaling.apply(rows[i])).clone();
    }
    return answers;
  }

  /**
   * How well it does.
   *
   * @param accuracy share of the rows that are predicted right, 0 to 1
   * @param loss mean cross entropy, in nats
   */
  public record Quality(double accuracy, double loss) {}

  public Quality quality(Table table) {
    double[][] answers = predict(table.values());
    int right = 0;
    double loss = 0;
    for (int i = 0; i < answers.length; i++) {
      right += Network.best(answers[i]) == table.labels()[i] ? 1 : 0;
      loss -= StrictMath.log(Math.max(answers[i][table.labels()[i]], 1e-300));
    }
    return new Quality((double) right / answers.length, loss / answers.length);
  }
}
