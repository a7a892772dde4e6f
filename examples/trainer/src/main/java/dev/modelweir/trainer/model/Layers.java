package dev.modelweir.trainer.model;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The shape of a network: a linear layer for each two neighbours, ReLU between layers, softmax at
 * the end. Without hidden layers it is multinomial logistic regression.
 *
 * @param sizes inputs, hidden layers, classes
 */
public record Layers(List<Integer> sizes) {
  /**
   * One linear layer and where its parameters lie: {@code outputs} rows of {@code inputs} weights,
   * then the biases.
   */
  public record Layer(int inputs, int outputs, int weights) {
    public int biases() {
      return weights + inputs * outputs;
    }
  }

  public List<Layer> all() {
    int[] offset = {0};
    return IntStream.range(1, sizes.size())
        .mapToObj(i -> {
          Layer layer = new Layer(sizes.get(i - 1), sizes.get(i), offset[0]);
          offset[0] += (layer.inputs() + 1) * layer.outputs();
          return layer;
        })
        .toList();
  }

  /** How many numbers there are to learn. */
  public int parameters() {
    Layer last = all().getLast();
    return last.biases() + last.outputs();
  }

  /**
   * Where learning starts: biases 0, weights normal with variance 2/inputs (K. He and others,
   * "Delving deep into rectifiers", ICCV 2015).
   */
  public double[] initial(long seed) {
    double[] parameters = new double[parameters()];
    Random random = new Random(seed);
    for (Layer layer : all()) {
      double deviation = Math.sqrt(2.0 / layer.inputs());
      for (int i = layer.weights(); i < layer.biases(); i++) {
        parameters[i] = random.nextGaussian() * deviation;
      }
    }
    return parameters;
  }
}
