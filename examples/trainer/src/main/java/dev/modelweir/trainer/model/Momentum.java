package dev.modelweir.trainer.model;

/**
 * Gradient descent with momentum (B. T. Polyak, 1964) and weight decay.
 *
 * @param learningRate how far a step goes
 * @param momentum how much of the last step is kept, 0 to below 1
 * @param weightDecay how strongly parameters are pulled to 0
 */
public record Momentum(double learningRate, double momentum, double weightDecay) {
  /**
   * One step.
   *
   * @param velocity the last step; becomes this one
   * @param rows that the sum is over
   */
  public void step(double[] parameters, double[] velocity, Sum sum, int rows) {
    for (int i = 0; i < parameters.length; i++) {
      double gradient = sum.gradient(i) / rows + weightDecay * parameters[i];
      velocity[i] = momentum * velocity[i] - learningRate * gradient;
      parameters[i] += velocity[i];
    }
  }
}
