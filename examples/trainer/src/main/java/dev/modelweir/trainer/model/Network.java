package dev.modelweir.trainer.model;

import dev.modelweir.trainer.model.Layers.Layer;
import java.util.List;

/**
 * Computes class probabilities, and what each row asks of the parameters. StrictMath gives the same
 * bits on every processor, which Math does not promise.
 */
public final class Network {
  private final List<Layer> layers;

  /** What enters each layer; the last one is the probabilities. */
  private final double[][] values;

  private final double[][] deltas;

  public Network(Layers shape) {
    layers = shape.all();
    values = new double[layers.size() + 1][];
    deltas = new double[layers.size() + 1][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new double[shape.sizes().get(i)];
      deltas[i] = new double[shape.sizes().get(i)];
    }
  }

  /** The probabilities of all classes; valid until the next call. */
  public double[] predict(double[] parameters, double[] row) {
    System.arraycopy(row, 0, values[0], 0, row.length);
    for (int i = 0; i < layers.size(); i++) {
      forward(layers.get(i), parameters, values[i], values[i + 1]);
      if (i < layers.size() - 1) {
        rectify(values[i + 1]);
      }
    }
    softmax(values[layers.size()]);
    return values[layers.size()];
  }

  /**
   * Adds the gradient of one row's cross entropy to the sum, and how well the row was predicted.
   */
  public void learn(double[] parameters, double[] row, int label, Sum sum) {
    double[] probabilities = predict(parameters, row);
    sum.addOutcome(
        -StrictMath.log(Math.max(probabilities[label], 1e-300)), best(probabilities) == label);
    double[] last = deltas[layers.size()];
    System.arraycopy(probabilities, 0, last, 0, last.length);
    last[label] -= 1;
    for (int i = layers.size() - 1; i >= 0; i--) {
      Layer layer = layers.get(i);
      sum.add(layer, values[i], deltas[i + 1]);
      if (i > 0) {
        backward(layer, parameters, deltas[i + 1], values[i], deltas[i]);
      }
    }
  }

  /** The place of the largest number, the first of equals. */
  public static int best(double[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }

  private static void forward(Layer layer, double[] parameters, double[] in, double[] out) {
    for (int o = 0; o < out.length; o++) {
      double sum = parameters[layer.biases() + o];
      int weights = layer.weights() + o * in.length;
      for (int i = 0; i < in.length; i++) {
        sum += parameters[weights + i] * in[i];
      }
      out[o] = sum;
    }
  }

  /** What the layer's inputs should have been, as far as ReLU let them through. */
  private static void backward(
      Layer layer, double[] parameters, double[] outDeltas, double[] in, double[] inDeltas) {
    for (int i = 0; i < in.length; i++) {
      double sum = 0;
      if (in[i] > 0) {
        for (int o = 0; o < outDeltas.length; o++) {
          sum += parameters[layer.weights() + o * in.length + i] * outDeltas[o];
        }
      }
      inDeltas[i] = sum;
    }
  }

  private static void rectify(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(values[i], 0);
    }
  }

  private static void softmax(double[] values) {
    double largest = values[best(values)];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = StrictMath.exp(values[i] - largest);
      sum += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
  }
}
