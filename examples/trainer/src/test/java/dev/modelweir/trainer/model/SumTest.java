package dev.modelweir.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelweir.trainer.TrainingException;
import dev.modelweir.trainer.data.Order;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SumTest {
  private static final Layers LAYERS = new Layers(List.of(3, 4, 2));

  @Test
  void theOrderOfTheRowsChangesNoBit() {
    double[][] rows = rows(500);
    Sum forth = new Sum(LAYERS.parameters());
    Sum other = new Sum(LAYERS.parameters());
    Network network = new Network(LAYERS);
    double[] parameters = LAYERS.initial(1);
    for (double[] row : rows) {
      network.learn(parameters, row, 1, forth);
    }
    for (int i : Order.shuffled(rows.length, 9)) {
      network.learn(parameters, rows[i], 1, other);
    }
    assertThat(other.numbers()).isEqualTo(forth.numbers());
  }

  /** Against differences of the loss: the definition of a gradient. */
  @Test
  void isTheGradientOfTheLoss() {
    double[] row = {0.3, -1.2, 0.7};
    double[] parameters = LAYERS.initial(5);
    Network network = new Network(LAYERS);
    Sum sum = new Sum(parameters.length);
    network.learn(parameters, row, 0, sum);
    double step = 1e-6;
    for (int i = 0; i < parameters.length; i++) {
      double[] more = parameters.clone();
      more[i] += step;
      double[] less = parameters.clone();
      less[i] -= step;
      double difference = (loss(network, more, row) - loss(network, less, row)) / (2 * step);
      assertThat(sum.gradient(i)).as("parameter " + i).isCloseTo(difference, within(1e-7));
    }
    assertThat(sum.loss()).isCloseTo(loss(network, parameters, row), within(1e-9));
  }

  private static double loss(Network network, double[] parameters, double[] row) {
    return -Math.log(network.predict(parameters, row)[0]);
  }

  @Test
  void noticesWhatItCannotHold() throws TrainingException {
    Sum sum = new Sum(LAYERS.parameters());
    Network network = new Network(LAYERS);
    double[] parameters = LAYERS.initial(1);
    network.learn(parameters, new double[] {100, -100, 50}, 1, sum);
    sum.check();

    network.learn(parameters, new double[] {Double.NaN, 1, 1}, 1, sum);

    assertThatThrownBy(sum::check).hasMessageContaining("diverges");
  }

  private static double[][] rows(int count) {
    Random random = new Random(2);
    double[][] rows = new double[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = random.doubles(3, -3, 3).toArray();
    }
    return rows;
  }
}
