package dev.modelweir.examples.iris;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.Example;
import org.tribuo.MutableDataset;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** Logistic regression by stochastic gradient descent. */
public record IrisClassifier(LinearSGDModel model) {
  private static final LabelFactory LABELS = new LabelFactory();

  /** Held here, because the JVM forgets the level of a logger that nobody refers to. */
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

  static {
    TRIBUO.setLevel(Level.WARNING);
  }

  /**
   * How to learn; equal values give an equal model.
   *
   * @param epochs passes over the rows
   * @param seed of the order in which rows are visited
   */
  public record Settings(int epochs, double learningRate, long seed) {}

  public static IrisClassifier train(List<IrisData.Row> rows, Settings settings) {
    var dataset =
        new MutableDataset<>(
            rows.stream().map(IrisClassifier::example).toList(),
            new SimpleDataSourceProvenance("iris", LABELS),
            LABELS);
    var trainer =
        new LinearSGDTrainer(
            new LogMulticlass(),
            new AdaGrad(settings.learningRate()),
            settings.epochs(),
            settings.seed());
    return new IrisClassifier((LinearSGDModel) trainer.train(dataset));
  }

  public Prediction<Label> predict(IrisData.Row row) {
    return model.predict(example(row));
  }

  /** The share of {@code rows} whose species is predicted right, 0 to 1. */
  public double accuracy(List<IrisData.Row> rows) {
    long right =
        rows.stream()
            .filter(row -> predict(row).getOutput().getLabel().equals(row.species()))
            .count();
    return (double) right / rows.size();
  }

  private static Example<Label> example(IrisData.Row row) {
    var names = new String[IrisData.COLUMNS.size()];
    var values = new double[names.length];
    for (int column = 0; column < names.length; column++) {
      // Tribuo sorts features by name; the number keeps the order of the columns.
      names[column] = column + " " + IrisData.COLUMNS.get(column);
      values[column] = row.centimetres().get(column);
    }
    return new ArrayExample<>(new Label(row.species()), names, values);
  }
}
