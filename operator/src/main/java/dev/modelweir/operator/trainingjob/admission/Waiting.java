package dev.modelweir.operator.trainingjob.admission;

import java.time.Instant;
import java.util.Comparator;

/**
 * An attempt that waits to be let in.
 *
 * @param id of the training
 * @param namespace its namespace
 * @param priority higher goes first
 * @param since when the training was created; of equal priority the older goes first
 * @param workers pods that start together
 * @param demand of each of them
 */
public record Waiting(
    String id, String namespace, int priority, Instant since, int workers, Demand demand) {

  static final Comparator<Waiting> ORDER =
      Comparator.comparingInt(Waiting::priority)
          .reversed()
          .thenComparing(Waiting::since)
          .thenComparing(Waiting::id);
}
