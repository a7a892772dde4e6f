package dev.modelweir.operator.mlflow.plan;

import dev.modelweir.api.v1alpha1.Metric;
import java.time.Instant;
import java.util.List;

/**
 * A point in the curve of each of some metrics.
 *
 * @param step of the training, 0 when it is not known
 * @param at when it was measured; the same at each look, so that telling it twice makes no second
 *     point
 */
public record Measurement(List<Metric> metrics, long step, Instant at) {

  public Measurement {
    metrics = List.copyOf(metrics);
  }
}
