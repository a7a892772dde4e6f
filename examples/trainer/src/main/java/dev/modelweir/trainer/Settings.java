package dev.modelweir.trainer;

import java.util.List;

/**
 * What to learn and how. Equal settings and equal data give an equal model, bit by bit.
 *
 * @param data a CSV file, a folder with one, or the name of example data
 * @param label name of the column with the class; the last one when empty
 * @param hidden sizes of the hidden layers; none for multinomial logistic regression
 * @param epochs passes over the data
 * @param batchSize rows per step, over all workers
 * @param seed of the split, the order of the rows and the first parameters
 * @param testShare share of the rows that are held out
 * @param minStepMillis how long a step takes at least, to watch a small training at work
 * @param failFirstAttemptAt step before which the first attempt fails, to see what follows; 0:
 *     never
 */
record Settings(
    String data,
    String label,
    List<Integer> hidden,
    int epochs,
    int batchSize,
    double learningRate,
    double momentum,
    double weightDecay,
    long seed,
    double testShare,
    long minStepMillis,
    long failFirstAttemptAt) {

  /** What the parameters after so many steps depend on, besides the data. */
  String identity() {
    return "hidden=%s batch-size=%d learning-rate=%s momentum=%s weight-decay=%s seed=%d test-share=%s"
        .formatted(hidden, batchSize, learningRate, momentum, weightDecay, seed, testShare);
  }
}
