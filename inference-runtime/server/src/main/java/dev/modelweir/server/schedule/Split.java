package dev.modelweir.server.schedule;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How the CPUs are divided among runs of one model: many runs with one thread each compute most
 * rows of nearly every model, but one whose runs take the memory from each other is better off with
 * fewer and wider ones.
 *
 * @param instances runs at the same time
 * @param threads of one run
 */
public record Split(int instances, int threads) {
  /** A wider run must compute so many times more rows per second to be chosen. */
  private static final double BETTER = 1.1;

  /** So many runs, which share the CPUs. */
  public static Split of(int cpus, int instances) {
    return new Split(instances, Math.max(1, cpus / instances));
  }

  /**
   * What to try after these, of which the first has the most runs: half as many, as long as that is
   * no worse.
   */
  public static Optional<Split> next(List<Tuning> tried, int cpus) {
    Tuning last = tried.getLast();
    boolean noWorse =
        tried.stream().allMatch(other -> other.rowsPerSecond() <= last.rowsPerSecond());
    return noWorse && last.instances() > 1
        ? Optional.of(of(cpus, last.instances() / 2))
        : Optional.empty();
  }

  /** The one with the fewest threads that none with more of them clearly surpasses. */
  public static Tuning best(List<Tuning> tried) {
    return tried.stream()
        .sorted(Comparator.comparingInt(Tuning::intraOpThreads))
        .reduce(
            (best, wider) -> wider.rowsPerSecond() > BETTER * best.rowsPerSecond() ? wider : best)
        .orElseThrow();
  }
}
