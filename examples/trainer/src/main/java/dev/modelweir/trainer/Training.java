package dev.modelweir.trainer;

import dev.modelweir.trainer.checkpoint.State;
import dev.modelweir.trainer.data.Order;
import dev.modelweir.trainer.data.Scaling;
import dev.modelweir.trainer.data.Table;
import dev.modelweir.trainer.group.Group;
import dev.modelweir.trainer.group.PeerLostException;
import dev.modelweir.trainer.model.Layers;
import dev.modelweir.trainer.model.Momentum;
import dev.modelweir.trainer.model.Network;
import dev.modelweir.trainer.model.Sum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The steps of a training. All workers go through the same steps with the same parameters; each
 * computes the gradients of its share of the rows, and all add up all. Which worker has which rows
 * changes nothing, see {@link Sum}.
 */
final class Training {
  private final Settings settings;
  private final int[] labels;
  private final double[][] rows;
  private final Group group;
  private final Network network;
  private final Momentum optimizer;
  private final Sum sum;
  private final double[] parameters;
  private final double[] velocity;
  private final String identity;
  private final int stepsPerEpoch;
  private long step;
  private long orderOf = -1;
  private int[] order = {};

  /**
   * @param start where to go on from
   */
  Training(
      Settings settings, Table table, Scaling scaling, Layers layers, Group group, State start) {
    this.settings = settings;
    this.labels = table.labels();
    List<double[]> scaled = new ArrayList<>();
    for (float[] row : table.values()) {
      scaled.add(scaling.apply(row));
    }
    this.rows = scaled.toArray(double[][]::new);
    this.group = group;
    this.network = new Network(layers);
    this.optimizer =
        new Momentum(settings.learningRate(), settings.momentum(), settings.weightDecay());
    this.sum = new Sum(layers.parameters());
    this.parameters = start.parameters().clone();
    this.velocity = start.velocity().clone();
    this.identity = start.identity();
    this.stepsPerEpoch = Math.ceilDiv(rows.length, settings.batchSize());
    this.step = start.step();
  }

  long step() {
    return step;
  }

  long steps() {
    return (long) settings.epochs() * stepsPerEpoch;
  }

  double epoch() {
    return (double) step / stepsPerEpoch;
  }

  boolean atEndOfEpoch() {
    return step % stepsPerEpoch == 0;
  }

  boolean finished() {
    return step >= steps();
  }

  State state() {
    return new State(identity, step, parameters.clone(), velocity.clone());
  }

  /**
   * What one step showed.
   *
   * @param rows in its batch
   * @param loss summed up over them
   * @param right how many of them were predicted right
   * @param stop whether a worker has to stop, so that this was the last step for all
   */
  record Result(int rows, double loss, long right, boolean stop) {}

  /**
   * Does the next step, or leaves everything as it was.
   *
   * @param stop whether this worker has to stop
   */
  Result next(boolean stop) throws TrainingException, PeerLostException {
    int[] batch = batch();
    sum.clear();
    for (int i = group.rank(); i < batch.length; i += group.size()) {
      network.learn(parameters, rows[batch[i]], labels[batch[i]], sum);
    }
    sum.check();
    boolean anyStops = group.add(sum.numbers(), stop);
    optimizer.step(parameters, velocity, sum, batch.length);
    step++;
    return new Result(batch.length, sum.loss(), sum.right(), anyStops);
  }

  private int[] batch() {
    long epoch = step / stepsPerEpoch;
    if (epoch != orderOf) {
      // Golden ratio: neighbouring seeds and epochs must not meet.
      order = Order.shuffled(rows.length, settings.seed() + 0x9e3779b97f4a7c15L * (epoch + 1));
      orderOf = epoch;
    }
    int from = (int) (step % stepsPerEpoch) * settings.batchSize();
    return Arrays.copyOfRange(order, from, Math.min(from + settings.batchSize(), rows.length));
  }
}
